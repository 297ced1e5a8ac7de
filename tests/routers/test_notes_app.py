"""The offline app's own files: the same for everybody, at the addresses that browsers need."""

import json
import struct
import zlib
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "static/manifest.json"
built = pytest.mark.skipif(not BUILT.is_file(), reason="The browser assets are not built (make assets).")


async def test_the_shell_is_the_same_for_everybody_and_names_nobody(client: httpx.AsyncClient) -> None:
    answer = await client.get("/my/notes")
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert 'rel="manifest" href="/app.webmanifest"' in answer.text
    assert "csrf" not in answer.text
    assert 'name="viewport"' in answer.text


async def test_photos_are_shown_from_the_device_and_nothing_else_is_allowed_more(client: httpx.AsyncClient) -> None:
    policy = (await client.get("/my/notes")).headers["content-security-policy"]
    assert "img-src 'self' data: blob:;" in policy
    assert policy.count("blob:") == 1
    assert "unsafe" not in policy


@built
async def test_the_service_worker_is_at_the_root_and_is_asked_for_anew(client: httpx.AsyncClient) -> None:
    answer = await client.get("/worker.js")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"


@built
async def test_it_can_be_installed(client: httpx.AsyncClient) -> None:
    answer = await client.get("/app.webmanifest")
    assert answer.headers["content-type"].startswith("application/manifest+json")
    told = answer.json()
    assert (told["start_url"], told["scope"], told["display"]) == ("/my/notes", "/", "standalone")
    assert told["name"]
    assert len(told["short_name"]) <= 12
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        image = (ROOT / icon["src"].lstrip("/")).read_bytes()
        wide, high = struct.unpack(">II", image[16:24])
        assert icon["sizes"] == f"{wide}x{high}"


@built
def test_what_a_device_keeps_is_under_200_kilobytes_compressed() -> None:
    names: dict[str, str] = json.loads(BUILT.read_text("utf-8"))
    worker = (ROOT / "static" / names["notes-worker.js"]).read_text("utf-8")
    kept = [name for name in names.values() if f"/static/{name}" in worker]
    assert len(kept) > 5
    sizes = {
        name: len(zlib.compress((ROOT / "static" / name).read_bytes(), 9)) for name in [*kept, names["notes-worker.js"]]
    }
    assert sum(sizes.values()) < 200_000 - 10_000, sizes  # the shell's page itself is two kilobytes
