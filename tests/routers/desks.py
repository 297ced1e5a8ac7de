"""A coordinator at work: a hub, a signed-in browser, and a look into the tables."""

from typing import Any

import httpx
from sqlalchemy import event, select

from app.domain.access import Role
from app.models.hubs import Hub
from app.models.people import Person
from app.store.database import Database
from tests.makers import a_hub, a_person, sign_in


class Desk:
    """A hub of its own with whoever signed in to it."""

    hub: Hub
    me: Person
    home: str

    def __init__(self, database: Database, client: httpx.AsyncClient) -> None:
        self.database, self.client, self.csrf = database, client, ""

    async def open(self, *roles: Role) -> "Desk":
        """Make the hub and sign somebody in (a coordinator unless told)."""
        async with self.database.transaction() as db:
            self.hub = await a_hub(db)
            self.me = await a_person(db, self.hub, *(roles or (Role.COORDINATOR,)), name="Cora Lane")
            self.csrf = await sign_in(db, self.client, self.me)
        self.home = f"/hubs/{self.hub.code}"
        return self

    async def get(self, path: str) -> str:
        """The page at this path below the hub's address."""
        answer = await self.client.get(self.home + path)
        assert answer.status_code == 200, answer.text
        return answer.text

    async def post(self, path: str, **form: Any) -> httpx.Response:
        """Send a form below the hub's address."""
        return await self.client.post(self.home + path, data={"csrf": self.csrf, **form})

    async def rows(self, of: type[Any], *where: Any) -> list[Any]:
        """What the tables hold of this hub."""
        async with self.database.transaction(self.hub.id) as db:
            return list((await db.execute(select(of).where(*where))).scalars())

    async def queries_of(self, path: str) -> int:
        """How many statements the page at this path takes."""
        app = self.client._transport.app  # type: ignore[attr-defined]
        engine = app.state.world.database.engine.sync_engine
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            await self.get(path)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)
