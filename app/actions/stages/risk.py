"""The rules of risk as a hub wants them."""

from app.actions.access import Actor
from app.domain.access import Can
from app.domain.schools.keeping import CHECK
from app.domain.stages.risk import BY_KEY, Chosen, read_change
from app.kit.errors import BadInputError, Fault, NotFoundError
from app.store.stages import flags


async def change_rule(actor: Actor, key: str, *, active: str, typed: str) -> str:
    """Switch a rule on or off, and set its number; returns its name.

    Raises ForbiddenError, NotFoundError for a rule that there is not, BadInputError for a number out of its bounds.
    """
    actor.require(Can.EDIT_CRITERIA)
    rule = BY_KEY.get(key)
    if rule is None:
        raise NotFoundError
    change = read_change(rule, active=active, typed=typed)
    if change.faults:
        raise BadInputError(CHECK, tuple(Fault(path, because) for path, because in change.faults.items()))
    was = next(one for one in await flags.rules(actor.db, actor.member.hub_id) if one.rule.key == key)
    number = change.number if rule.least is not None else None
    await flags.keep_rule(actor.db, actor.member.hub_id, Chosen(key, change.active, number))
    before = {"active": was.active, "number": was.number}
    after = {"active": change.active, "number": change.number}
    await actor.record("Changed", f"the rule of risk: {rule.name}", before=before, after=after, rule=key)
    return rule.name
