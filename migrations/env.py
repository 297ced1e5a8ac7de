"""Runs migrations as the database's owner, one at a time, each in a transaction of its own."""

from alembic import context
from sqlalchemy import create_engine, text

URL = context.config.attributes["url"]
METADATA = context.config.attributes.get("metadata")


def ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """The job queue's own tables are its library's business."""
    return not (kind == "table" and (name or "").startswith("procrastinate"))


engine = create_engine(URL)
with engine.connect() as connection:
    # Somebody else migrating, or a page reading, must not make us wait for ever.
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.execute(text("SET statement_timeout = '60s'"))
    connection.execute(text("SELECT pg_advisory_lock(823470115)"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        transaction_per_migration=True,
        include_object=ours,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
engine.dispose()
