"""Looking for what could be let go in a process of its own. It imports the solver alone, so that it starts at once."""

from multiprocessing.connection import Connection
from typing import Any

from app.domain.schedule.letting_go import as_json, offered
from app.domain.schedule.problem import read_problem
from app.kit.errors import NoPlanError
from app.solver.schedule.relax import relax


def relax_apart(problem: dict[str, Any], seconds: float, answers: Connection) -> None:
    """What the process runs: ("progress", {"done", "of"}) again and again, then ("choices", ...) or ("none", because).

    Choices are {"because": sentences, "offers": [...]}, both empty where a plan exists.
    """

    def tell(done: int, of: int) -> None:
        answers.send(("progress", {"done": done, "of": of}))

    try:
        found = relax(read_problem(problem), seconds, tell)
    except NoPlanError:
        answers.send(("none", "There was no time to find what stands in the way."))
        return
    offers = as_json(offered(each.choice, exists=each.exists) for each in found.tried)
    answers.send(("choices", {"because": list(found.because), "offers": offers}))
