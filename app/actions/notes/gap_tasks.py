"""Writing how a gap task went, by a plain form."""

from app.actions.notes.writing import Sender, apply_all
from app.domain.notes.applying import Operation
from app.kit.errors import BadInputError, Fault


async def say_how_it_went(sender: Sender, written: Operation, box: str) -> None:
    """Take the words into their record. Raises BadInputError, beside this box, where the record refuses them."""
    (answer,) = await apply_all(sender, [written])
    if answer.outcome == "refused":
        raise BadInputError(answer.because, (Fault(box, answer.because),))
