"""Forming groups in a process of its own. It imports the solver alone, so that it starts at once."""

from dataclasses import asdict
from multiprocessing.connection import Connection
from typing import Any

from app.domain.schedule.forming import read_forming
from app.domain.schedule.forming_plan import formation_json
from app.kit.errors import NoPlanError
from app.solver.schedule.forming import form_groups
from app.solver.schedule.progress import Progress

SECONDS = 60.0  # then the best groups so far are kept, and their gap is told


def formed_apart(problem: dict[str, Any], seconds: float, answers: Connection) -> None:
    """What the process runs: ("progress", ...) again and again, then ("groups", ...) go back through the pipe.

    ("nothing", None) goes back when time ended with no groups found and none ruled out.
    """

    def tell(seen: Progress) -> None:
        answers.send(("progress", asdict(seen)))

    try:
        found = form_groups(read_forming(problem), seconds=seconds, progress=tell)
    except NoPlanError:
        answers.send(("nothing", None))
        return
    answers.send(("groups", formation_json(found)))
