"""What is done to a hub's reflection frameworks."""

from dataclasses import replace

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.notes.editing.keys import fresh
from app.domain.notes.frameworks import LONGEST_NAME, Framework, act, differences, faults, unfinished, written
from app.domain.notes.frameworks_defaults import FRAMEWORKS, STEPS
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError, StaleError
from app.kit.typed import Typed
from app.models.notes import ReflectionFramework as Row
from app.store.notes import frameworks
from app.store.notes.frameworks import Version

NO_DRAFT = "There is no draft of this framework any more. Begin one from its page."
CHANGED = "Somebody else changed this draft while you had it open. What you typed is shown over theirs; save it again."
MOVED_ON = "Somebody changed this draft while you looked at it. Look again at what it changes, and publish it then."
SAME = "This says the same as the version in use, so there is nothing to publish."


async def create(actor: Actor, name: str) -> str:
    """Begin a framework of the hub's own as a draft; returns its key. Raises BadInputError."""
    actor.require(Can.EDIT_FORMS)
    if not 1 <= len(name) <= LONGEST_NAME:
        because = f"Write what it is called, in at most {LONGEST_NAME} characters."
        raise BadInputError(because, (Fault("name", because),))
    hub_id = actor.member.hub_id
    known = (await frameworks.newest(actor.db, [hub_id]))[hub_id]
    key = fresh(name, {*FRAMEWORKS, *known, *await frameworks.drafts(actor.db, hub_id)})
    await frameworks.keep(actor.db, hub_id, Framework(key=key, version=1, name=name, steps=STEPS), actor.now)
    await actor.record("Began", f"the reflection framework {name}")
    return key


async def begin(actor: Actor, key: str) -> None:
    """Begin a draft from the newest version that asks something; a draft that is there stays. Raises NotFoundError."""
    actor.require(Can.EDIT_FORMS)
    hub_id = actor.member.hub_id
    if key in await frameworks.drafts(actor.db, hub_id):
        return
    versions = await _versions(actor, key)
    source = next((one.framework for one in versions if one.framework.offered), versions[0].framework)
    await frameworks.stored(actor.db, hub_id, versions[0], actor.now)
    draft = replace(source, version=versions[0].framework.version + 1)
    await frameworks.keep(actor.db, hub_id, draft, actor.now)
    await actor.record("Began", f"a new version of the reflection framework {draft.name}")


async def save(actor: Actor, key: str, typed: Typed) -> None:
    """Keep what the editor's page sent, and do what its button says.

    Raises BadInputError, StaleError, ConflictError.
    """
    row = await _draft(actor, key, typed)
    versions = await frameworks.versions(actor.db, actor.member.hub_id, key)
    before = written(frameworks.as_framework(row), typed)
    draft = act(before, typed.text("do"), typed, [one.framework for one in versions])
    wrong = faults(draft)
    if wrong:
        raise BadInputError("Look at what is marked below.", wrong)
    for name, value in frameworks.told(draft).items():
        setattr(row, name, value)
    row.made_at = actor.now


async def publish(actor: Actor, key: str, typed: Typed) -> int:
    """Offer the draft to everybody in the hub from now on; returns its version.

    Raises BadInputError with all that is missing, StaleError, or ConflictError when nothing differs.
    """
    row = await _draft(actor, key, typed, MOVED_ON)
    draft = frameworks.as_framework(row)
    missing = unfinished(draft)
    if missing:
        raise BadInputError("This cannot be published yet.", missing)
    versions = await frameworks.versions(actor.db, actor.member.hub_id, key)
    if versions and not differences(versions[0].framework, draft):
        raise ConflictError(SAME)
    row.published_at = actor.now
    await actor.record("Published", f"version {row.version} of the reflection framework {row.name}")
    return row.version


async def discard(actor: Actor, key: str) -> str:
    """Throw the draft away; returns the framework's name. Raises ConflictError when there is none."""
    row = await _draft(actor, key)
    await actor.db.delete(row)
    await actor.record("Discarded", f"the draft of the reflection framework {row.name}")
    return row.name


async def withdraw(actor: Actor, key: str) -> str:
    """No longer offer it; what people wrote stays theirs. Returns its name.

    Raises NotFoundError, or ConflictError when it is not offered.
    """
    actor.require(Can.EDIT_FORMS)
    newest = (await _versions(actor, key))[0]
    if not newest.framework.offered:
        raise ConflictError("This is not offered now.")
    await _publish_now(actor, newest, replace(newest.framework, indicators=()))
    await actor.record("Withdrew", f"the reflection framework {newest.framework.name}")
    return newest.framework.name


async def publish_again(actor: Actor, key: str, number: int) -> int:
    """Publish what an earlier version said as a new version; returns its number.

    Raises NotFoundError, or ConflictError for the version in use.
    """
    actor.require(Can.EDIT_FORMS)
    versions = await _versions(actor, key)
    wanted = next((one.framework for one in versions if one.framework.version == number), None)
    if wanted is None:
        raise NotFoundError
    if not differences(versions[0].framework, wanted):
        raise ConflictError(SAME)
    new = await _publish_now(actor, versions[0], wanted)
    await actor.record("Published", f"version {number} of the reflection framework {wanted.name} again")
    return new


async def _publish_now(actor: Actor, newest: Version, wanted: Framework) -> int:
    """As the next version; a draft moves behind it."""
    hub_id, new = actor.member.hub_id, newest.framework.version + 1
    await frameworks.stored(actor.db, hub_id, newest, actor.now)
    draft = await frameworks.locked_draft(actor.db, hub_id, wanted.key)
    if draft:
        draft.version = new + 1
        await actor.db.flush()
    await frameworks.keep(actor.db, hub_id, replace(wanted, version=new), actor.now, published_at=actor.now)
    return new


async def _versions(actor: Actor, key: str) -> list[Version]:
    versions = await frameworks.versions(actor.db, actor.member.hub_id, key)
    if not versions:
        raise NotFoundError
    return versions


async def _draft(actor: Actor, key: str, typed: Typed | None = None, stale: str = CHANGED) -> Row:
    actor.require(Can.EDIT_FORMS)
    row = await frameworks.locked_draft(actor.db, actor.member.hub_id, key)
    if row is None:
        if key not in FRAMEWORKS:
            await _versions(actor, key)
        raise ConflictError(NO_DRAFT)
    if typed and typed.text("stamp") != row.made_at.isoformat():
        raise StaleError(stale)
    return row
