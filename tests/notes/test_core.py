"""The offline notebook's own tests, run by Node: its rules, its outbox, how it sends."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TESTS = sorted(Path(__file__).parent.glob("*.test.mjs"))


@pytest.fixture(scope="module")
def node() -> str:
    """Node, from the machine or from its wheel."""
    found = shutil.which("node") or shutil.which("node", path=str(ROOT / "build/node/bin"))
    if not found:
        if os.environ.get("HALFTERM_REQUIRE_BROWSER") == "1":
            pytest.fail("Node is missing, so the offline notebook is not tried.")
        pytest.skip("There is no Node here (make assets brings one), so the offline notebook is not tried.")
    return found


def test_the_offline_notebooks_rules_hold(node: str) -> None:
    done = subprocess.run([node, "--test", *TESTS], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
