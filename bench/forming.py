"""Groups formed for made-up rural hubs: cost, bound, gap, seconds; greedy by hand order and bettered, in the same run.

Run as `python -m bench.forming [SCHOOLS,SPECIALISTS,MOST,SEED,SECONDS ...]`.
"""

import sys
import time

from app.domain.schedule.forming import Forming, read_forming
from app.domain.schedule.forming_judge import judge_groups
from app.domain.schedule.forming_moves import Moves
from app.domain.schedule.forming_plan import Formation
from app.kit.errors import NoPlanError
from app.solver.schedule.forming import form_groups
from tests.forming_problems import Size, a_hub

SIZES = ("24,5,1,1,30", "65,12,1,1,60", "65,7,2,2,60", "65,11,1,3,60", "200,36,1,1,60", "200,20,2,2,60")


def quick(forming: Forming, solver: str, best: int) -> str:
    try:
        return f"{form_groups(forming, solver=solver).cost / best:.3f}"
    except NoPlanError:
        return "stuck"


def moves(forming: Forming, formation: Formation) -> str:
    began = time.perf_counter()
    every = Moves(forming, formation).every()
    return f"{len(every)} moves in {1000 * (time.perf_counter() - began):.0f} ms"


def main() -> None:
    print(
        f"{'schools':>8}{'leaders':>8}{'groups':>7} {'status':11}{'cost':>7}{'bound':>7}{'gap':>7}"
        f"{'wall s':>8}{'user s':>8}  greedy / bettered, over this cost"
    )
    for each in sys.argv[1:] or SIZES:
        schools, leaders, most, seed, seconds = map(int, each.split(","))
        forming = read_forming(a_hub(seed, Size(schools, leaders, most)))
        wall, user = time.perf_counter(), time.process_time()
        formation = form_groups(forming, seconds=seconds)
        wall, user = time.perf_counter() - wall, time.process_time() - user
        found = f"{formation.status:11}{formation.cost:7}{formation.bound:7}{formation.gap:7.2%}{wall:8.2f}{user:8.2f}"
        print(f"{schools:8}{f'{leaders} x {most}':>8}{len(formation.groups):7} {found}", end="  ", flush=True)
        if formation.status == "infeasible":
            print(formation.because)
            continue
        judged = judge_groups(forming, formation)
        clean = "clean" if judged.fine and judged.cost == formation.cost else "BROKEN"
        greedy, better = (quick(forming, solver, formation.cost) for solver in ("greedy", "better"))
        print(f"{greedy} / {better}  {clean}, {moves(forming, formation)}", flush=True)


if __name__ == "__main__":
    main()
