"""Work Groups of a coming year, from who signed up to the groups: proposed, moved by hand, formed anew, used."""

import uuid
from datetime import date

import httpx
from sqlmodel import col

from app.actions.stages.forming_solving import form_in_background
from app.actions.stages.formings import begin, finish
from app.domain.access import Role
from app.domain.schedule.forming import read_forming
from app.kit.clock import clock_from
from app.models.hubs import HubYear
from app.models.meetings import GroupSchool, WorkGroup
from app.models.people import Away, Person
from app.models.schedule import Forming
from app.models.schools import School
from app.models.stages import Approach, Specialist
from app.solver.schedule.forming import form_groups
from app.store.database import Database
from tests import makers
from tests.routers.desks import Desk

JSON = {"accept": "application/json"}
COMING = makers.YEAR + 1
EAST, NORTH = 200_000, 60_000


class Hall:
    """Six schools that applied, three around each of two towns, and a Specialist who can lead a group in each."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.schools, self.leaders = desk, list[School](), list[Person]()

    async def fill(self) -> "Hall":
        desk = self.desk
        async with desk.database.transaction(desk.hub.id) as db:
            db.add(HubYear(hub_id=desk.hub.id, year=COMING))
            programme = await makers.a_programme(db, desk.hub, fewest_schools=2, most_schools=4)
            programme.year = COMING
            for town in range(2):
                place = {"easting": EAST + 40_000 * town, "northing": NORTH}
                base = await makers.a_school(db, desk.hub, name=f"Base {town}", **place)
                leader = await makers.a_person(db, desk.hub, Role.SPECIALIST, name=f"Leader {town}", base_urn=base.urn)
                said = {"state": "leading", "since": date(2026, 9, 1), "most_groups": 1}
                db.add(Specialist(person_id=leader.id, hub_id=desk.hub.id, **said))
                self.leaders.append(leader)
                for number in range(3):
                    at = {"easting": place["easting"] + 2_000 * number, "northing": NORTH + 1_000}
                    school = await makers.a_school(db, name=f"Town {town} School {number}", **at)
                    self.schools.append(school)
                    db.add(self._applied(school.urn))
        return self

    def _applied(self, urn: int) -> Approach:
        day = makers.NOW.date()
        own = {"hub_id": self.desk.hub.id, "year": COMING, "kind": "development"}
        return Approach(**own, urn=urn, applied_on=day, made_at=makers.NOW)

    async def propose(self) -> str:
        """Proposed and formed here, without a child process; the address below the hub's."""
        answer = await self.desk.post("/formings", year=str(COMING))
        assert answer.status_code == 303, answer.text
        return await self.formed(answer)

    async def formed(self, answer: httpx.Response) -> str:
        path = answer.headers["location"].removeprefix(self.desk.home)
        of = (self.desk.hub.id, uuid.UUID(path.rsplit("/", 1)[1]))
        async with self.desk.database.transaction(of[0]) as db:
            problem = await begin(db, *of)
            await finish(db, of, form_groups(read_forming(problem)), makers.NOW)
        return path

    async def told(self, path: str) -> dict:
        answer = await self.desk.client.get(self.desk.home + path, headers=JSON)
        assert answer.status_code == 200, answer.text
        return answer.json()


async def a_hall(database: Database, client: httpx.AsyncClient) -> Hall:
    return await Hall(await Desk(database, client).open()).fill()


async def test_schools_that_signed_up_are_put_with_their_neighbours_and_a_leader(
    database: Database, client: httpx.AsyncClient
) -> None:
    hall = await a_hall(database, client)
    assert "Propose groups for 2027/28" in await hall.desk.get("/formings")
    answer = await hall.desk.post("/formings", year=str(COMING))
    path = answer.headers["location"].removeprefix(hall.desk.home)
    waiting = await hall.told(path)
    assert (waiting["state"], waiting["stream"] != "") == ("Waiting its turn", True)
    key = uuid.UUID(path.rsplit("/", 1)[1])
    await form_in_background(database, clock_from(makers.NOW), (hall.desk.hub.id, key))
    told = await hall.told(path)
    assert told["state"] == "Ready to look at"
    assert told["proof"].startswith("Proved:")
    assert [(one["leader"], one["schools"]) for one in told["groups"]] == [("Leader 0", 3), ("Leader 1", 3)]
    assert {(line["leader"][-1], line["name"][5]) for line in told["lines"]} == {("0", "0"), ("1", "1")}
    assert any("no term dates for 2027/28 yet" in says for says in told["told"])
    page = await hall.desk.get(path)
    assert "Map of the groups" in page
    assert '"done": true' in await hall.desk.get(f"{path}/progress")
    assert (await hall.desk.get(f"{path}/map.svg")).startswith("<svg xmlns=")
    assert "Town 0 School 0" in await hall.desk.get(f"{path}?format=csv&group=1")
    assert "Leader 1,Development,3," in await hall.desk.get(f"{path}?format=csv&table=groups")
    assert "Ready to look at" in await hall.desk.get("/formings?format=csv")
    assert f"formings?year={COMING}" in await hall.desk.get("/recruitment/next")


async def test_a_school_is_moved_exchanged_and_put_back(database: Database, client: httpx.AsyncClient) -> None:
    hall = await a_hall(database, client)
    path = await hall.propose()
    before = await hall.told(path)
    page = await hall.told(f"{path}/schools/{hall.schools[0].urn}")
    (move,) = [line for line in page["lines"] if not line["other"]]
    assert move["where"] == "Group 2 (Leader 1)"
    assert move["change"] > 0
    assert not move["against"]
    form = {"version": str(page["version"]), "to": move["to"], "other": "", "kind": ""}
    where = f"{path}/schools/{hall.schools[0].urn}"
    assert (await hall.desk.post(where, **form)).status_code == 303
    after = await hall.told(path)
    assert [one["schools"] for one in after["groups"]] == [2, 4]
    assert after["by_hand"].startswith("After 1 move by hand these groups cost ")
    assert (await hall.desk.post(where, **form)).status_code == 412
    left = await hall.told(f"{path}/schools/{hall.schools[1].urn}")
    (small,) = [line for line in left["lines"] if not line["other"]]
    assert small["against"][0] == "Group 1 (Leader 0) would have 1 school, fewer than 2."
    refused = await hall.desk.post(
        f"{path}/schools/{hall.schools[1].urn}", version=str(left["version"]), to=small["to"], other="", kind=""
    )
    assert (refused.status_code, "fewer than 2" in refused.text) == (409, True)
    swap = next(line for line in left["lines"] if line["other"] == hall.schools[0].name)
    assert swap["change"] < 0 or not swap["against"]
    undone = await hall.desk.post(f"{path}/undo", version=str(after["version"]))
    assert undone.status_code == 303
    assert (await hall.told(path))["groups"] == before["groups"]
    none_left = await hall.desk.post(f"{path}/undo", version=str(after["version"] + 1))
    assert none_left.status_code == 409
    sheet = await hall.desk.get(f"{where}?format=csv&what=exchange&fits=yes")
    assert sheet.count("Group 2 (Leader 1),Town 1 School") == 3


async def test_what_is_not_proved_says_by_how_much_others_could_be_better(
    database: Database, client: httpx.AsyncClient
) -> None:
    hall = await a_hall(database, client)
    path = await hall.propose()
    async with database.transaction(hall.desk.hub.id) as db:
        forming = await db.get_one(Forming, uuid.UUID(path.rsplit("/", 1)[1]))
        assert forming.plan is not None
        forming.plan = {**forming.plan, "status": "feasible", "bound": round(0.9 * forming.plan["cost"])}
    assert "other groups could exist that cost up to 10% less" in await hall.desk.get(path)


async def test_wishes_hold_when_groups_are_formed_anew(database: Database, client: httpx.AsyncClient) -> None:
    hall = await a_hall(database, client)
    path = await hall.propose()
    first, far = hall.schools[0], hall.schools[5]
    keep = {f"most_{one.id}": "1" for one in hall.leaders}
    half = await hall.desk.post(f"{path}/pins", school_0=f"s{first.urn}", kind_0="together", **keep)
    assert (half.status_code, "Choose the other school." in half.text) == (422, True)
    wishes = {
        "school_0": f"s{first.urn}",
        "kind_0": "together",
        "other_0": f"s{far.urn}",
        "school_1": f"s{hall.schools[1].urn}",
        "kind_1": "led_by",
        "leader_1": str(hall.leaders[1].id),
        "school_2": "*",
        "kind_2": "may_wait",
    }
    again = await hall.formed(await hall.desk.post(f"{path}/pins", **wishes, **keep))
    told = await hall.told(again)
    number = {line["urn"]: line["number"] for line in told["lines"]}
    leader = {line["urn"]: line["leader"] for line in told["lines"]}
    assert number[first.urn] == number[far.urn]
    assert leader[hall.schools[1].urn] == "Leader 1"
    held = await hall.desk.get(f"{again}/pins")
    assert "Town 0 School 0 is in one group with Town 1 School 2" in held
    assert "Every school may wait for a group" in held
    assert (await hall.told(path))["state"] == "Set aside"
    fewer = {**keep, f"most_{hall.leaders[0].id}": "0"}
    third = await hall.formed(await hall.desk.post(f"{again}/pins", keep="may_wait *", **fewer))
    lines = (await hall.told(third))["lines"]
    assert sorted(line["number"] for line in lines) == [0, 0, 1, 1, 1, 1]
    none = await hall.formed(await hall.desk.post(f"{third}/pins", **dict.fromkeys(keep, "0")))
    answer = await hall.told(none)
    assert (answer["state"], "Nobody can lead a group of Development" in answer["because"][0]) == (
        "No groups are possible",
        True,
    )


async def test_the_groups_become_work_groups_all_or_none(database: Database, client: httpx.AsyncClient) -> None:
    hall = await a_hall(database, client)
    path = await hall.propose()
    version = str((await hall.told(path))["version"])
    page = await hall.desk.get(f"{path}/use")
    assert "2 Work Groups are made for 2027/28, with 6 schools" in page
    assert 'value="DEV27-02"' in page
    twice = await hall.desk.post(f"{path}/use", version=version, code_1="NCP27-01", code_2="ncp27-01")
    assert (twice.status_code, "stands here twice" in twice.text) == (422, True)
    async with database.transaction(hall.desk.hub.id) as db:
        programme = await makers.a_programme(db, hall.desk.hub, "sustaining")
        programme.year = COMING
        other = WorkGroup(hub_id=hall.desk.hub.id, year=COMING, code="NCP27-02", programme_id=programme.id)
        other.leader_id = hall.desk.me.id
        db.add(other)
    taken = await hall.desk.post(f"{path}/use", version=version, code_1="NCP27-01", code_2="NCP27-02")
    assert (taken.status_code, "There is a Work Group NCP27-02" in taken.text) == (422, True)
    assert "They cannot be used any more" not in taken.text
    assert len(await hall.desk.rows(WorkGroup)) == 1
    made = await hall.desk.post(f"{path}/use", version=version, code_1="NCP27-01", code_2="NCP27-03")
    assert made.status_code == 303, made.text
    groups = {one.code: one for one in await hall.desk.rows(WorkGroup, col(WorkGroup.code) != "NCP27-02")}
    assert {code: one.leader_id for code, one in groups.items()} == {
        "NCP27-01": hall.leaders[0].id,
        "NCP27-03": hall.leaders[1].id,
    }
    assert len(await hall.desk.rows(GroupSchool)) == 6
    (forming,) = await hall.desk.rows(Forming)
    assert forming.status == "used"
    again = await hall.desk.post(f"{path}/use", version=str(forming.version), code_1="A", code_2="B")
    assert again.status_code == 409
    assert (await hall.desk.post(f"{path}/set-aside")).status_code == 409
    assert "No school that comes into 2027/28 waits for a Work Group." in await hall.desk.get("/formings")


async def test_groups_are_not_used_on_changed_facts(database: Database, client: httpx.AsyncClient) -> None:
    hall = await a_hall(database, client)
    path = await hall.propose()
    version = str((await hall.told(path))["version"])
    async with database.transaction(hall.desk.hub.id) as db:
        days = [date(2027, 9, 1 + day) for day in range(30)] + [date(2027, 10, 1 + day) for day in range(31)]
        db.add_all(Away(hub_id=hall.desk.hub.id, person_id=hall.leaders[0].id, day=day) for day in days)
        late = await makers.a_school(db, name="Late Primary", easting=EAST, northing=NORTH)
        db.add(hall._applied(late.urn))
    page = await hall.desk.get(f"{path}/use")
    assert "Group 1 (Leader 0) can meet on 0 days of Autumn 1, and 3 are wanted." in page
    refused = await hall.desk.post(f"{path}/use", version=version, code_1="A-1", code_2="A-2")
    assert (refused.status_code, "can meet on 0 days" in refused.text) == (409, True)
    assert not await hall.desk.rows(WorkGroup)
    assert (await hall.desk.post(f"{path}/set-aside")).status_code == 303
    closed = await hall.desk.client.get(f"{hall.desk.home}{path}/use")
    assert closed.status_code == 409


async def test_what_is_missing_is_told_before_anything_is_proposed(
    database: Database, client: httpx.AsyncClient
) -> None:
    desk = await Desk(database, client).open()
    page = await desk.get("/formings")
    assert "Open 2027/28 first" in page
    assert "Nobody can lead a Work Group more" in page
    assert "Propose groups for" not in page
    refused = await desk.post("/formings", year=str(COMING))
    assert refused.status_code == 422
    assert (await desk.post("/formings", year="soon")).status_code == 422
