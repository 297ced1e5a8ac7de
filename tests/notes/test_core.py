"""The offline notebook's own tests, run by Node: its rules, its outbox, how it sends."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = sorted(Path(__file__).parent.glob("*.test.mjs"))


def test_the_offline_notebooks_rules_hold(node: str) -> None:
    done = subprocess.run([node, "--test", *TESTS], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
