import zipfile
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import func, select

from app.kit.errors import BadInputError, ConflictError
from app.models import metadata
from app.settings import Settings, read_settings
from app.store import migrations
from app.store.backup import back_up, bring_back
from app.store.database import Database
from tests.databases import app_address
from tests.makers import NOW, a_group, a_hub, a_meeting

COUNT = "SELECT (SELECT count(*) FROM hub), (SELECT count(*) FROM booking), (SELECT count(*) FROM half_term)"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = read_settings(data_dir=tmp_path / "var")
    made.data_dir.mkdir()
    (made.data_dir / "secret.key").write_text("a key of this installation")
    return made


async def test_a_backup_brings_everything_back_behind_the_same_wall(
    owner: str, empty_owner: str, settings: Settings, tmp_path: Path
) -> None:
    database = Database(app_address(owner))
    async with database.transaction() as db:
        hub = await a_hub(db)
        await a_meeting(db, await a_group(db, hub))
    await database.close()
    file = tmp_path / "backup.zip"
    back_up(settings, owner, file, NOW)
    elsewhere = read_settings(data_dir=tmp_path / "other")
    elsewhere.data_dir.mkdir()
    assert bring_back(elsewhere, empty_owner, file) == NOW.isoformat()
    with psycopg.connect(owner) as before, psycopg.connect(empty_owner) as after:
        assert before.execute(COUNT).fetchone() == after.execute(COUNT).fetchone()
    assert (elsewhere.data_dir / "secret.key").read_text() == "a key of this installation"
    assert not migrations.differences(empty_owner)
    restored = Database(app_address(empty_owner))
    events = select(func.count()).select_from(metadata.tables["event"])
    async with restored.transaction() as db:
        assert (await db.execute(events)).scalar_one() == 0
    async with restored.transaction(hub.id) as db:
        assert (await db.execute(events)).scalar_one() == 1
    await restored.close()


def test_a_backup_is_for_its_owner_alone_and_leaves_nothing_beside_it(
    owner: str, settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "backup.zip"
    back_up(settings, owner, file, NOW)
    assert file.stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.zip", "var"]


def test_data_that_is_there_is_never_written_over(owner: str, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    back_up(settings, owner, file, NOW)
    with psycopg.connect(owner) as connection:
        connection.execute(
            "INSERT INTO account (id, email, created_at) VALUES (gen_random_uuid(), 'a@b.example', now())"
        )
    with pytest.raises(ConflictError, match="data here already"):
        bring_back(settings, owner, file)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_backup_changes_nothing(
    owner: str, settings: Settings, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "backup.zip"
    file.write_bytes(content)
    with pytest.raises(BadInputError, match=r"backup\.zip is no backup"):
        bring_back(settings, owner, file)
    assert migrations.current(owner) == migrations.newest()


def test_a_damaged_dump_leaves_an_empty_installation_that_works(owner: str, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("halfterm.json", '{"format": "halfterm/backup/1", "version": "0001"}')
        made.writestr("database.dump", "nonsense")
    with pytest.raises(BadInputError, match="pg_restore could not do it"):
        bring_back(settings, owner, file)
    assert migrations.current(owner) == migrations.newest()
    assert not migrations.differences(owner)
