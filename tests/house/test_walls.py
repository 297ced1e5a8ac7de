"""SQL lives in the store, and one place commits: the answer is sent after the commit, never before."""

from tests.house.reading import kept, shown, syntax

BUILDERS = {"insert", "update", "delete", "text"}
VERBS = {"select", "execute", "scalars", "scalar", "exec"}


def sql_calls(source: str) -> list[tuple[str, int]]:
    """Calls that build or run SQL: names imported from sqlalchemy or sqlmodel, and a session's own verbs."""
    read = syntax(source)
    taken = {name for module, name in read.imports if module.split(".")[0] in {"sqlalchemy", "sqlmodel"}}
    sought = VERBS | (taken & BUILDERS)
    return [(name, line) for name, line in read.called if name in sought]


def commits(source: str) -> list[int]:
    return [line for name, line in syntax(source).called if name == "commit"]


def test_only_the_store_contains_sql() -> None:
    faults = [
        f"{shown(path)}:{line}: {name}( outside app/store"
        for path in kept("app")
        if not shown(path).startswith(("app/store/", "app/models/"))
        for name, line in sql_calls(path.read_text())
    ]
    assert not faults, "\n".join(faults)


def test_only_the_database_module_commits() -> None:
    faults = [
        f"{shown(path)}:{line}: commit( outside app/store/database.py; flush() gives ids"
        for path in kept("app")
        if not shown(path).startswith(("app/store/database.py", "app/store/database/"))
        for line in commits(path.read_text())
    ]
    assert not faults, "\n".join(faults)


def test_sql_in_a_page_is_found() -> None:
    assert sql_calls("from sqlmodel import select\nselect(School)\n")
    assert sql_calls("async def f(session):\n    await session.execute(query)\n")
    assert not sql_calls("def f(form):\n    form.update(name=1)\n    chosen.delete()\n")


def test_a_stray_commit_is_found() -> None:
    assert commits("async def f(session):\n    await session.commit()\n")
    assert not commits("async def f(session):\n    await session.flush()\n")
