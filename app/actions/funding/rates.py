"""What is done to a hub's rate card: a draft is begun, written, published or discarded. A published one stays."""

import uuid

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.funding import rate_form
from app.domain.funding.rates import RateCard
from app.domain.funding.rates_checked import differences, faults_of, says
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError, StaleError
from app.kit.periods import spoken_year
from app.kit.typed import Typed
from app.models import funding as tables
from app.store.funding import cards

CHANGED = "Somebody else changed this draft while you had it open. What you typed is shown over theirs; save it again."
MOVED_ON = "Somebody changed this draft while you looked at it. Look again at what it changes, and publish it then."
SAME = "This says the same as the version in force, so there is nothing to publish."
PUBLISHED = "This version is published and does not change any more. Write a draft of the next one."
LONGEST = 300
WAY = "Say whether the rate goes up or down."


async def begin(actor: Actor, year: int, after: str) -> uuid.UUID:
    """A draft of the next version: of what is in force, or with last year's rates (`after` is "last"); returns its id.

    Raises ConflictError when a draft is there already.
    """
    actor.require(Can.EDIT_RATES)
    hub_id, code = actor.member.hub_id, actor.member.hub_code
    known = await cards.versions(actor.db, hub_id, code, year)
    if any(one.published_at is None for one in known):
        raise ConflictError(f"There is a draft for {spoken_year(year)} already. Go on with that one, or discard it.")
    version = known[0].card.version + 1 if known else 1
    source = await cards.in_force(actor.db, hub_id, code, year - 1 if after == "last" else year)
    rates = rate_form.carried(source, year, version).rates if after == "last" else source.rates
    made = await cards.begin(actor.db, hub_id, cards.Drafted(year, version, rates), actor.now, actor.person_id)
    if made is None:
        raise ConflictError("Somebody else began this version at the same moment. Load the page again to see it.")
    await actor.record("Began", f"version {version} of the rate card of {spoken_year(year)}", hub=str(hub_id))
    return made


async def save_rate(actor: Actor, card_id: uuid.UUID, key: str, typed: Typed) -> str:
    """Keep a rate of the draft as it was typed, a new one where `key` is empty; returns its name.

    Raises NotFoundError, ConflictError, StaleError, or BadInputError with what to change.
    """
    row, card = await _draft(actor, card_id)
    if key and card.rate(key) is None:
        raise NotFoundError
    _same(row, typed, CHANGED)
    draft = rate_form.written(card, key, typed)
    _keep(actor, row, draft)
    return next(one.name for one in draft.rates if one.key == key) if key else draft.rates[-1].name


async def save_amounts(actor: Actor, card_id: uuid.UUID, typed: Typed) -> None:
    """Keep the newest amount of every rate, and what the version is for, as they were typed.

    Raises NotFoundError, ConflictError, StaleError, or BadInputError with what to change.
    """
    row, card = await _draft(actor, card_id)
    _same(row, typed, CHANGED)
    because = typed.text("because")
    if len(because) > LONGEST:
        raise BadInputError(rate_form.WRONG, (Fault("because", f"Use at most {LONGEST} letters."),))
    _keep(actor, row, rate_form.amounts_written(card, typed))
    row.because = because


async def remove_rate(actor: Actor, card_id: uuid.UUID, key: str) -> str:
    """Leave a rate out of the draft; returns its name. Raises NotFoundError or ConflictError."""
    row, card = await _draft(actor, card_id)
    gone = card.rate(key)
    if gone is None:
        raise NotFoundError
    kept = tuple(one for one in card.rates if one.key != key)
    _keep(actor, row, RateCard(card.hub, card.year, card.version, kept))
    return gone.name


async def move_rate(actor: Actor, card_id: uuid.UUID, key: str, to: str) -> str:
    """Put a rate of the draft one place further up or down (`to` is "up" or "down"); returns its name.

    Raises NotFoundError, ConflictError, or BadInputError for another way.
    """
    row, card = await _draft(actor, card_id)
    moving = card.rate(key)
    if moving is None:
        raise NotFoundError
    if to not in {"up", "down"}:
        raise BadInputError(WAY, (Fault("to", WAY),))
    _keep(actor, row, rate_form.moved(card, key, down=to == "down"))
    return moving.name


async def publish(actor: Actor, card_id: uuid.UUID, typed: Typed) -> tables.RateCard:
    """Have the draft hold for its year from now on. Closed statements stay; what it changes of them is corrected.

    Raises NotFoundError, StaleError, BadInputError with what to change first, or ConflictError.
    """
    row, new = await _draft(actor, card_id)
    _same(row, typed, MOVED_ON)
    faults = faults_of(new)
    if faults:
        raise BadInputError(faults[0].because, faults)
    now = await cards.in_force(actor.db, actor.member.hub_id, actor.member.hub_code, row.year)
    if not differences(now, new):
        raise ConflictError(SAME)
    row.published_at = actor.now
    await actor.record(
        "Published",
        f"version {row.version} of the rate card of {spoken_year(row.year)}",
        before={"rates": [says(one) for one in now.rates]},
        after={"rates": [says(one) for one in new.rates]},
        hub=str(row.hub_id),
    )
    return row


async def discard(actor: Actor, card_id: uuid.UUID) -> int:
    """Throw the draft away; returns its year. Raises NotFoundError or ConflictError."""
    row, _ = await _draft(actor, card_id)
    await actor.db.delete(row)
    await actor.record("Discarded", f"the draft of the rate card of {spoken_year(row.year)}", hub=str(row.hub_id))
    return row.year


async def _draft(actor: Actor, card_id: uuid.UUID) -> tuple[tables.RateCard, RateCard]:
    actor.require(Can.EDIT_RATES)
    row = await cards.locked(actor.db, actor.member.hub_id, card_id)
    if row is None:
        raise NotFoundError
    if row.published_at:
        raise ConflictError(PUBLISHED)
    return row, cards.as_card(actor.member.hub_code, row)


def _same(row: tables.RateCard, typed: Typed, because: str) -> None:
    if typed.text("stamp") != row.made_at.isoformat():
        raise StaleError(because)


def _keep(actor: Actor, row: tables.RateCard, draft: RateCard) -> None:
    row.rates = cards.rates_data(draft.rates)
    row.made_at, row.made_by = actor.now, actor.person_id
