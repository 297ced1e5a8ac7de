"""The forms of the funder: made, changed and deleted as data."""

import uuid

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.funding.mapping import Export, Rows, faults_of
from app.domain.funding.mapping_form import begun
from app.kit.errors import BadInputError, ConflictError, Fault, NotFoundError, StaleError
from app.store.funding import forms

CHANGED = "Somebody else changed this form while you had it open. Load the page again and make your change once more."
TAKEN = "The hub has a form of this name: give it another, such as one with its year."
LOOK = "Look at what is marked below."


async def add(actor: Actor, name: str, rows: str) -> uuid.UUID:
    """Begin a form with the usual columns. Raises ForbiddenError or BadInputError."""
    actor.require(Can.EDIT_RATES)
    if rows not in Rows._value2member_map_:
        because = "Choose what a row is."
        raise BadInputError(LOOK, (Fault("rows", because),))
    export = begun(name.strip()[:200], Rows(rows))
    if faults := faults_of(export):
        raise BadInputError(LOOK, faults)
    made = await forms.add(actor.db, actor.member.hub_id, export, actor.now)
    if made is None:
        raise BadInputError(LOOK, (Fault("name", TAKEN),))
    await actor.record("Added", f"the funder's form {export.name}", hub=str(actor.member.hub_id))
    return made


async def change(actor: Actor, form_id: uuid.UUID, version: int, export: Export) -> None:
    """Write a form anew. Raises NotFoundError, StaleError or BadInputError with each place."""
    actor.require(Can.EDIT_RATES)
    row = await forms.locked(actor.db, actor.member.hub_id, form_id)
    if row is None:
        raise NotFoundError
    if row.version != version:
        raise StaleError(CHANGED)
    faults = faults_of(export)
    if not faults and await forms.name_taken(actor.db, row.hub_id, row.id, export.name):
        faults = (Fault("name", TAKEN),)
    if faults:
        raise BadInputError(LOOK, faults)
    before = row.mapping
    row.name, row.mapping = export.name, forms.mapping(export)
    row.changed_at, row.version = actor.now, row.version + 1
    await actor.db.flush()
    about = f"the funder's form {export.name}"
    await actor.record("Changed", about, before=before, after=row.mapping, hub=str(row.hub_id))


async def delete(actor: Actor, form_id: uuid.UUID) -> str:
    """Delete a form: its name. Raises NotFoundError, or ConflictError while an export is made in it by itself."""
    actor.require(Can.EDIT_RATES)
    row = await forms.locked(actor.db, actor.member.hub_id, form_id)
    if row is None:
        raise NotFoundError
    if used := await forms.used_by(actor.db, form_id):
        raise ConflictError(f"“{used[0]}” makes an export in this form: change or delete that one first.")
    name = row.name
    await actor.db.delete(row)
    await actor.db.flush()
    await actor.record("Deleted", f"the funder's form {name}", hub=str(row.hub_id))
    return name
