"""The criteria editor's form: which kinds are ticked, and the numbers beside them."""

from app.domain.stages.criteria import KNOWN, Ask, CriteriaOf, Criterion, faults_of
from app.kit.errors import BadInputError, Fault
from app.kit.typed import Typed, whole_number

WRONG = "Look at what is marked below."
NOTHING = "Choose at least one criterion: a school that must show nothing has nothing to be moved on."
YES = "yes"


def box(kind: str, ask: Ask) -> str:
    """The name of a number's or a choice's box."""
    return f"{kind}.{ask.name}"


def written(kind: str, version: int, typed: Typed) -> CriteriaOf:
    """The set as the form says it. Raises BadInputError with what to change beside each box."""
    items, faults = [], []
    for known, make in KNOWN.items():
        if typed.text(known) != YES:
            continue
        asks: tuple[Ask, ...] = getattr(make, "asks", ())
        values = {ask.name: _value(ask, typed.text(box(known, ask))) for ask in asks}
        item: Criterion = make(**values)
        faults += [Fault(f"{known}.{name}", because) for name, because in faults_of(item).items()]
        items.append(item)
    if not items:
        faults.append(Fault(next(iter(KNOWN)), NOTHING))
    if faults:
        raise BadInputError(WRONG, tuple(faults))
    return CriteriaOf(kind, version, tuple(items))


def _value(ask: Ask, text: str) -> int | str:
    if ask.choices:
        return text
    try:
        return whole_number(text)
    except ValueError:
        return text
