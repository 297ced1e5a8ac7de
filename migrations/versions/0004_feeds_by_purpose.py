"""A feed for each purpose of a person, and a digest of what feeds show of an event."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("shown", sa.String(), nullable=False, server_default=""))
    op.alter_column("event", "shown", server_default=None)

    op.add_column("feed", sa.Column("id", sa.Uuid(), nullable=False, server_default=sa.text("gen_random_uuid()")))
    op.add_column("feed", sa.Column("purpose", sa.String(), nullable=False, server_default="My calendar"))
    op.alter_column("feed", "id", server_default=None)
    op.alter_column("feed", "purpose", server_default=None)
    op.drop_column("feed", "newest_change")
    op.drop_constraint("pk_feed", "feed", type_="primary")
    op.create_primary_key("pk_feed", "feed", ["id"])
    op.create_unique_constraint("uq_feed_account_id_purpose", "feed", ["account_id", "purpose"])
    op.create_index("ix_feed_account_id", "feed", ["account_id"])

    op.add_column("feed_fetch", sa.Column("feed_id", sa.Uuid(), nullable=True))
    op.execute("UPDATE feed_fetch SET feed_id = feed.id FROM feed WHERE feed.account_id = feed_fetch.account_id")
    op.execute("DELETE FROM feed_fetch WHERE feed_id IS NULL")
    op.alter_column("feed_fetch", "feed_id", nullable=False)
    op.drop_constraint("pk_feed_fetch", "feed_fetch", type_="primary")
    op.drop_column("feed_fetch", "account_id")
    op.create_primary_key("pk_feed_fetch", "feed_fetch", ["feed_id", "client"])
    op.create_foreign_key("fk_feed_fetch_feed_id", "feed_fetch", "feed", ["feed_id"], ["id"], ondelete="CASCADE")


def downgrade() -> None:
    op.execute("DELETE FROM feed USING feed other WHERE feed.account_id = other.account_id AND feed.id < other.id")
    op.add_column("feed_fetch", sa.Column("account_id", sa.Uuid(), nullable=True))
    op.execute("UPDATE feed_fetch SET account_id = feed.account_id FROM feed WHERE feed.id = feed_fetch.feed_id")
    op.alter_column("feed_fetch", "account_id", nullable=False)
    op.drop_constraint("pk_feed_fetch", "feed_fetch", type_="primary")
    op.drop_column("feed_fetch", "feed_id")
    op.create_primary_key("pk_feed_fetch", "feed_fetch", ["account_id", "client"])
    op.create_foreign_key(
        "fk_feed_fetch_account_id", "feed_fetch", "account", ["account_id"], ["id"], ondelete="CASCADE"
    )

    op.drop_index("ix_feed_account_id", "feed")
    op.drop_constraint("uq_feed_account_id_purpose", "feed", type_="unique")
    op.drop_constraint("pk_feed", "feed", type_="primary")
    op.create_primary_key("pk_feed", "feed", ["account_id"])
    op.add_column("feed", sa.Column("newest_change", sa.DateTime(timezone=True), nullable=True))
    op.drop_column("feed", "purpose")
    op.drop_column("feed", "id")
    op.drop_column("event", "shown")
