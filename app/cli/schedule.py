"""`halfterm schedule`: solving and judging plans kept in plain files."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.domain.schedule.plan import Plan, plan_bytes, read_plan
from app.domain.schedule.problem import Problem, read_problem
from app.kit.errors import BadInputError, Fault, NoPlanError

app = typer.Typer(no_args_is_help=True, help="The year's plan: solve a problem, judge a plan.")


class Solver(StrEnum):
    """Which solver: the exact one, or a quick one that proves nothing."""

    exact = "exact"
    greedy = "greedy"


def _json(file: Path) -> object:
    """The JSON of a file; raises BadInputError with the place of what cannot be read."""
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadInputError(f"{file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise BadInputError(f"{file} is not UTF-8 text; save it as JSON in UTF-8.") from None
    except RecursionError:
        raise BadInputError(f"{file} is nested too deeply to be read.") from None
    except json.JSONDecodeError as error:
        because = f"{file} is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        raise BadInputError(because, (Fault(f"line {error.lineno}, column {error.colno}", error.msg),)) from None


def _write(file: Path, plan: Plan) -> None:
    try:
        file.write_bytes(plan_bytes(plan))
    except OSError as error:
        raise BadInputError(f"{file} cannot be written: {error.strerror}.") from None


@app.command()
def solve(
    problem: Annotated[Path, typer.Argument(help="The problem, a JSON file.")],
    out: Annotated[Path, typer.Option(help="Where the plan goes.")],
    seconds: Annotated[float | None, typer.Option(min=0.1, help="At most about so long; else until proved.")] = None,
    solver: Annotated[Solver, typer.Option(help="The exact solver, or the quick one.")] = Solver.exact,
) -> None:
    """Solve a problem to a plan; exit status 3 and the reasons when no plan exists."""
    from app.solver.schedule import solve as solved

    asked: Problem = read_problem(_json(problem))
    plan = solved(asked, seconds=seconds, solver=solver.value)
    _write(out, plan)
    if plan.status == "infeasible":
        raise NoPlanError(f"No plan exists. {' '.join(plan.because)}")
    for stage, each in plan.stages.items():
        proved = "proved the least" if each.cost == each.bound else f"at least {each.bound}"
        typer.echo(f"{stage}: {each.cost} ({proved})", err=True)


@app.command()
def judge(
    problem: Annotated[Path, typer.Argument(help="The problem, a JSON file.")],
    plan: Annotated[Path, typer.Argument(help="The plan, a JSON file.")],
) -> None:
    """Judge a plan: prints JSON; exit status 1 when a rule is broken or an event is missing."""
    from app.domain.schedule.judge import judge as judged

    found = judged(read_problem(_json(problem)), read_plan(_json(plan)))
    typer.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
    if not found.fine:
        raise typer.Exit(1)
