"""Starting, watching and killing the real program."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180.0  # seconds, for a machine that has other work


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """`halfterm serve` (or another command that serves) on a data folder."""

    data_dir: Path
    command: tuple[str, ...] = ("serve",)
    port: int = field(default_factory=a_free_port)
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> float:
        """Start and wait until it answers: how many seconds that took."""
        began = time.monotonic()
        env = {**os.environ, "HALFTERM_DATA_DIR": str(self.data_dir), "HALFTERM_MODE": "production", **self.settings}
        log = (self.data_dir.parent / f"{self.data_dir.name}.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from app.cli import main; main()", *self.command, "--port", str(self.port)],
            cwd=ROOT,
            env=env,
            stdout=log,
            stderr=log,
        )
        log.close()
        while time.monotonic() - began < PATIENCE:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended: {self.said()}")
            try:
                if httpx.get(f"{self.address}/readyz", timeout=1).status_code == 200:
                    return time.monotonic() - began
            except httpx.TransportError:
                time.sleep(0.05)
        self.stop(signal.SIGKILL)
        raise AssertionError(f"the server did not answer: {self.said()}")

    def said(self) -> str:
        return (self.data_dir.parent / f"{self.data_dir.name}.log").read_text()[-2000:]

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal and wait for the end: the exit status."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(timeout=PATIENCE)


def postgres_runs(data_dir: Path) -> bool:
    """Whether the folder's own PostgreSQL is still there."""
    pid = data_dir / "postgres" / "postmaster.pid"
    if not pid.exists():
        return False
    try:
        os.kill(int(pid.read_text().split()[0]), 0)
    except ProcessLookupError:
        return False
    return True
