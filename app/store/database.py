"""The one door to PostgreSQL: addresses, roles, transactions and the wall between hubs."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from app.settings import Settings
from app.store import embedded

APP_ROLE = "halfterm_app"
# A page's statements are short: starting workers and compiling plans costs more than they save.
SHORT = "-c max_parallel_workers_per_gather=0 -c jit=off"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the database is: for its owner (migrations, backup) and for the app (walled)."""

    owner: str
    app: str
    leave: Callable[[], None]


def addresses(settings: Settings, *, carefree: bool = False) -> Addresses:
    """Start the embedded server where no other is named (`carefree`: what it holds can be made anew).

    `leave` gives it back.
    """
    if settings.database_url:
        owner = settings.database_url.replace("postgres://", "postgresql://", 1)
        walled = make_url(owner).update_query_dict({"options": f"-c role={APP_ROLE}"})
        return Addresses(owner, walled.render_as_string(hide_password=False), lambda: None)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    server, owner = embedded.start(settings.data_dir, carefree=carefree)
    walled = make_url(owner).set(username=APP_ROLE)
    return Addresses(
        owner, walled.render_as_string(hide_password=False), lambda: embedded.stop(server, settings.data_dir)
    )


class Database:
    """A pool of walled connections."""

    def __init__(self, address: str, *, pool_size: int = 10) -> None:
        self.address = address
        self.source = "job"  # where what is written comes from, as the trail tells it: page, api, command or job
        url = make_url(address).set(drivername="postgresql+psycopg")
        options = f"{url.query.get('options', '')} {SHORT}".strip()
        self.engine: AsyncEngine = create_async_engine(
            url.update_query_dict({"options": options}),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=False,
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False, autoflush=True)
        self.before_close: list[Callable[[], Awaitable[None]]] = []  # what else holds connections or unwritten rows

    @asynccontextmanager
    async def transaction(self, *hubs: uuid.UUID) -> AsyncIterator[AsyncSession]:
        """One transaction that sees these hubs, and commits when the block ends well."""
        async with self._sessions() as session:
            session.info["source"] = self.source
            if hubs:
                await see_hubs(session, *hubs)
            yield session
            await session.commit()

    async def every_hub(self) -> list[uuid.UUID]:
        """Every hub here, for work that goes by the clock: it enters each by a transaction of its own."""
        async with self._sessions() as session:
            await session.execute(text("SELECT set_config('app.every_hub', 'yes', true)"))
            return list((await session.execute(text("SELECT id FROM hub ORDER BY id"))).scalars())

    async def close(self) -> None:
        """Give all connections back."""
        for closing in self.before_close:
            await closing()
        await self.engine.dispose()


async def see_hubs(session: AsyncSession, *hubs: uuid.UUID) -> None:
    """Open the wall for these hubs, until the transaction ends."""
    await session.execute(text("SELECT set_config('app.hubs', :hubs, true)"), {"hubs": ",".join(map(str, hubs))})


@asynccontextmanager
async def seeing_every_hub(session: AsyncSession) -> AsyncIterator[None]:
    """For what public facts mean to each hub: the wall is open for all of them, and afterwards as it was before."""
    was = await session.execute(text("SELECT coalesce(current_setting('app.hubs', true), '')"))
    kept = was.scalar_one()
    await session.execute(text("SELECT set_config('app.every_hub', 'yes', true)"))
    every = "SELECT set_config('app.hubs', coalesce((SELECT string_agg(id::text, ',') FROM hub), ''), true)"
    await session.execute(text(every))
    await session.execute(text("SELECT set_config('app.every_hub', '', true)"))
    yield
    await session.execute(text("SELECT set_config('app.hubs', :hubs, true)"), {"hubs": kept})


async def see_account(session: AsyncSession, account_id: uuid.UUID) -> None:
    """Let this account find itself among the people of every hub it is in."""
    await session.execute(text("SELECT set_config('app.account', :account, true)"), {"account": str(account_id)})


async def see_hubs_of(session: AsyncSession, account_id: uuid.UUID) -> None:
    """Open the wall for every hub that this account, which sees itself, is in."""
    hubs = "SELECT string_agg(hub_id::text, ',') FROM person WHERE account_id = :account AND left_on IS NULL"
    await session.execute(text(f"SELECT set_config('app.hubs', coalesce(({hubs}), ''), true)"), {"account": account_id})


async def see_token(session: AsyncSession, token_hash: bytes) -> None:
    """Let one hub's API token be found by its hash."""
    await session.execute(text("SELECT set_config('app.token', :hash, true)"), {"hash": token_hash.hex()})


async def see_hub_named(session: AsyncSession, code: str) -> None:
    """Let one hub be found by its code."""
    await session.execute(text("SELECT set_config('app.hub_code', :code, true)"), {"code": code})


async def see_key(session: AsyncSession, key: str) -> None:
    """Let what anybody holding this key may find be found: a certificate by its code, a check-in by its letters."""
    await session.execute(text("SELECT set_config('app.key', :key, true)"), {"key": key})
