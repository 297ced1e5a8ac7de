"""What is done to a hub's forms: a draft is begun, written, published or discarded; an earlier version comes back."""

from dataclasses import replace

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.notes.editing.acts import act, written
from app.domain.notes.editing.differences import differences
from app.domain.notes.editing.rules import faults, unfinished
from app.domain.notes.forms import EventKind, NoteForm, to_data
from app.kit.errors import BadInputError, ConflictError, NotFoundError, StaleError
from app.kit.typed import Typed
from app.models.notes import NoteForm as FormRow
from app.store.notes import form_changes
from app.store.notes.forms import as_form

NO_DRAFT = "There is no draft of this form any more. Begin one from the form's page."
CHANGED = "Somebody else changed this draft while you had it open. What you typed is shown over theirs; save it again."
MOVED_ON = "Somebody changed this draft while you looked at it. Look again at what it changes, and publish it then."
SAME = "This says the same as the version in use, so there is nothing to publish."
NOT_READY = "This cannot be published yet."


async def begin(actor: Actor, kind: EventKind) -> None:
    """Begin a draft from the newest version; a draft that is there stays as it is."""
    actor.require(Can.EDIT_FORMS)
    hub_id = actor.member.hub_id
    if await form_changes.draft(actor.db, hub_id, kind):
        return
    await form_changes.ship(actor.db, hub_id, kind, actor.now)
    newest = (await form_changes.versions(actor.db, hub_id, kind))[0].form
    await form_changes.begin_draft(actor.db, hub_id, replace(newest, version=newest.version + 1), actor.now)
    await actor.record("Began", f"a new version of the {kind} form")


async def save(actor: Actor, kind: EventKind, typed: Typed) -> str:
    """Keep what the editor's page sent, and do what its button says.

    Returns the key of a question that is only removed once its removal is confirmed (`sure`), else nothing.
    Raises BadInputError, StaleError or ConflictError.
    """
    row = await _draft(actor, kind, typed)
    draft, do = written(as_form(row), typed), typed.text("do")
    asks = "" if typed.text("sure") == "yes" else removal(draft, do)
    if not asks:
        earlier = await form_changes.versions(actor.db, actor.member.hub_id, kind)
        draft = act(draft, do, typed, [one.form for one in earlier])
    wrong = faults(draft)
    if wrong:
        raise BadInputError("Look at what is marked below.", wrong)
    row.sections, row.made_at = to_data(draft), actor.now
    return asks


def removal(draft: NoteForm, do: str) -> str:
    """The key of a question that this button would remove although something is taken up from it."""
    key = do.removeprefix("remove:question:")
    field = draft.field(key) if key != do else None
    return key if field and field.feeds else ""


async def publish(actor: Actor, kind: EventKind, typed: Typed) -> int:
    """Make the draft the form of every record that begins from now on; returns its version.

    Raises BadInputError with all that is missing, StaleError, or ConflictError when nothing differs.
    """
    row = await _draft(actor, kind, typed, MOVED_ON)
    versions = [one.form for one in await form_changes.versions(actor.db, actor.member.hub_id, kind)]
    draft = as_form(row)
    missing = unfinished(draft, versions)
    if missing:
        raise BadInputError(NOT_READY, missing)
    if not differences(versions[0], draft):
        raise ConflictError(SAME)
    row.published_at = actor.now
    await actor.record("Published", f"version {row.version} of the {kind} form")
    return row.version


async def discard(actor: Actor, kind: EventKind) -> None:
    """Throw the draft away. Raises ConflictError when there is none."""
    row = await _draft(actor, kind)
    await actor.db.delete(row)
    await actor.record("Discarded", f"the draft of the {kind} form")


async def publish_again(actor: Actor, kind: EventKind, number: int) -> int:
    """Publish what an earlier version said as a new version; returns its number. A draft moves behind it.

    Raises NotFoundError, or ConflictError for the version in use.
    """
    actor.require(Can.EDIT_FORMS)
    hub_id = actor.member.hub_id
    await form_changes.ship(actor.db, hub_id, kind, actor.now)
    versions = [one.form for one in await form_changes.versions(actor.db, hub_id, kind)]
    wanted = next((one for one in versions if one.version == number), None)
    if wanted is None:
        raise NotFoundError
    if not differences(versions[0], wanted):
        raise ConflictError(SAME)
    new = versions[0].version + 1
    draft = await form_changes.locked_draft(actor.db, hub_id, kind)
    if draft:
        draft.version = new + 1
        await actor.db.flush()
    await form_changes.publish(actor.db, hub_id, replace(wanted, version=new), actor.now)
    await actor.record("Published", f"version {number} of the {kind} form again, as version {new}")
    return new


async def _draft(actor: Actor, kind: EventKind, typed: Typed | None = None, stale: str = CHANGED) -> FormRow:
    actor.require(Can.EDIT_FORMS)
    row = await form_changes.locked_draft(actor.db, actor.member.hub_id, kind)
    if row is None:
        raise ConflictError(NO_DRAFT)
    if typed and typed.text("stamp") != row.made_at.isoformat():
        raise StaleError(stale)
    return row
