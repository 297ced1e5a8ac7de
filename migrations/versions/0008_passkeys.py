"""Passkeys and what keeps sign-in safe: single-use challenges, counted tries, and sessions that can be named and ended."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("credential", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_passkey_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential", name=op.f("uq_passkey_credential")),
    )
    op.create_index(op.f("ix_passkey_account_id"), "passkey", ["account_id"], unique=False)
    op.create_table(
        "passkey_challenge",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_passkey_challenge_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_passkey_challenge")),
    )
    op.create_table(
        "sign_in_tries",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("whose", sa.LargeBinary(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "whose", name=op.f("pk_sign_in_tries")),
    )
    # The defaults stay: the version before this one still writes sessions and hubs while machines restart.
    op.add_column("session", sa.Column("id", sa.Uuid(), nullable=False, server_default=sa.text("gen_random_uuid()")))
    op.add_column("session", sa.Column("how", sa.String(), nullable=False, server_default="link"))
    op.create_unique_constraint("uq_session_id", "session", ["id"])
    op.add_column("account", sa.Column("passkey_offered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("hub", sa.Column("passkeys_required", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("hub", "passkeys_required")
    op.drop_column("account", "passkey_offered_at")
    op.drop_constraint("uq_session_id", "session", type_="unique")
    op.drop_column("session", "how")
    op.drop_column("session", "id")
    op.drop_table("sign_in_tries")
    op.drop_table("passkey_challenge")
    op.drop_index(op.f("ix_passkey_account_id"), table_name="passkey")
    op.drop_table("passkey")
