"""Node, for the offline notebook's own code."""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def node() -> str:
    """Node, from the machine or from its wheel."""
    found = shutil.which("node") or shutil.which("node", path=str(ROOT / "build/node/bin"))
    if not found:
        if os.environ.get("HALFTERM_REQUIRE_BROWSER") == "1":
            pytest.fail("Node is missing, so the offline notebook is not tried.")
        pytest.skip("There is no Node here (make assets brings one), so the offline notebook is not tried.")
    return found
