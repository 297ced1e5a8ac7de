"""Devices with the app's own outbox and sending (simulate.mjs), and a network that loses, repeats and delays."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Fate = Literal["through", "lost", "answer lost", "twice", "late"]
FATES: tuple[Fate, ...] = ("through", "through", "through", "lost", "answer lost", "twice", "late")


class Server(Protocol):
    """Whatever answers the devices."""

    async def answer(self, device: str, method: str, path: str, body: Any) -> tuple[int, Any]:
        """Do what is asked: status and body. Raises ConnectionError when the server goes down meanwhile."""


@dataclass
class Devices:
    """The simulation's process: commands to it, requests from it."""

    process: asyncio.subprocess.Process
    dice: random.Random = field(default_factory=random.Random)
    server: Server | None = None
    rough: bool = False  # whether the network loses and delays
    late: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    _count: int = 0
    _waiting: dict[int, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    _working: set[asyncio.Task[None]] = field(default_factory=set)
    broken: list[BaseException] = field(default_factory=list)

    def send(self, do: str, **given: Any) -> asyncio.Future[dict[str, Any]]:
        """Tell a device to do something; its answer may come while others are told things."""
        self._count += 1
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[self._count] = answer
        self._write({"n": self._count, "do": do, **given})
        return answer

    async def do(self, do: str, **given: Any) -> dict[str, Any]:
        """The same, and wait for what it says."""
        return await asyncio.wait_for(self.send(do, **given), 20)

    def _write(self, line: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(line).encode() + b"\n")

    async def read(self) -> None:
        """Take in what the process says, until it ends."""
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            said = json.loads(line)
            if "ask" in said:
                task = asyncio.create_task(self._asked(said))
                self._working.add(task)
                task.add_done_callback(self._done)
                continue
            answer = self._waiting.pop(said["n"])
            if not answer.done():
                if said["ok"]:
                    answer.set_result(said)
                else:
                    answer.set_exception(AssertionError(said["because"]))

    def _done(self, task: asyncio.Task[None]) -> None:
        self._working.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.broken.append(error)

    async def _asked(self, said: dict[str, Any]) -> None:
        fate: Fate = self.dice.choice(FATES) if self.rough else "through"
        if fate == "late":
            self.late.append(lambda: self._answered(said, "through"))
            return
        await self._answered(said, fate)

    async def _answered(self, said: dict[str, Any], fate: Fate) -> None:
        cut = {"answer": said["ask"], "cut": True}
        if fate == "lost":
            self._write(cut)
            return
        assert self.server is not None
        try:
            for _ in range(2 if fate == "twice" else 1):
                status, body = await self.server.answer(said["device"], said["method"], said["path"], said.get("body"))
        except ConnectionError:
            self._write(cut)
            return
        self._write(cut if fate == "answer lost" else {"answer": said["ask"], "status": status, "body": body})

    async def catch_up(self, *, all_of_them: bool = False) -> None:
        """Let late requests arrive, in any order: one of them, or all."""
        self.dice.shuffle(self.late)
        while self.late:
            await self.late.pop()()
            if not all_of_them:
                return
