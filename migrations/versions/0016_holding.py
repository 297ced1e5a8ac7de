"""Dates that are held while people say whether they can; plans made together; groups that are formed.

A question about a line of the ledger outlives the line."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = ("date_refused", "forming", "date_ask", "date_answer")


def upgrade() -> None:
    op.create_table(
        "date_refused",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_date_refused_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_date_refused_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "day", name=op.f("pk_date_refused")),
    )
    op.create_index(op.f("ix_date_refused_hub_id"), "date_refused", ["hub_id"], unique=False)
    op.create_table(
        "forming",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("problem", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("plan", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("moved", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("steps", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("progress", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("because", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("told", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_forming_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_forming_made_by_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forming")),
    )
    op.create_index(op.f("ix_forming_hub_id"), "forming", ["hub_id"], unique=False)
    op.create_index(op.f("ix_forming_made_by_id"), "forming", ["made_by_id"], unique=False)
    op.create_table(
        "date_ask",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_date_ask_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_date_ask_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_date_ask_proposal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_ask")),
        sa.UniqueConstraint("proposal_id", "person_id", name=op.f("uq_date_ask_proposal_id_person_id")),
    )
    op.create_index(op.f("ix_date_ask_hub_id"), "date_ask", ["hub_id"], unique=False)
    op.create_index(op.f("ix_date_ask_person_id"), "date_ask", ["person_id"], unique=False)
    op.create_index(op.f("ix_date_ask_proposal_id"), "date_ask", ["proposal_id"], unique=False)
    op.create_table(
        "date_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("ask_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["ask_id"], ["date_ask.id"], name=op.f("fk_date_answer_ask_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_date_answer_event_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_date_answer_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_date_answer_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_answer")),
        sa.UniqueConstraint("ask_id", "event_id", name=op.f("uq_date_answer_ask_id_event_id")),
    )
    op.create_index(op.f("ix_date_answer_ask_id"), "date_answer", ["ask_id"], unique=False)
    op.create_index(op.f("ix_date_answer_event_id"), "date_answer", ["event_id"], unique=False)
    op.create_index(op.f("ix_date_answer_hub_id"), "date_answer", ["hub_id"], unique=False)
    op.create_index(op.f("ix_date_answer_person_id"), "date_answer", ["person_id"], unique=False)
    op.add_column("line_query", sa.Column("urn", sa.Integer(), nullable=True))
    op.add_column("line_query", sa.Column("says", sa.Text(), nullable=False, server_default=""))
    op.alter_column("line_query", "line_id", existing_type=sa.UUID(), nullable=True)
    op.execute(
        "UPDATE line_query SET urn = ledger_line.urn, says = ledger_line.because "
        "FROM ledger_line WHERE ledger_line.id = line_query.line_id"
    )
    op.create_index(op.f("ix_line_query_urn"), "line_query", ["urn"], unique=False)
    op.drop_constraint(op.f("fk_line_query_line_id"), "line_query", type_="foreignkey")
    op.create_foreign_key(op.f("fk_line_query_urn"), "line_query", "school", ["urn"], ["urn"], ondelete="RESTRICT")
    op.create_foreign_key(
        op.f("fk_line_query_line_id"), "line_query", "ledger_line", ["line_id"], ["id"], ondelete="SET NULL"
    )
    op.add_column("proposal", sa.Column("set_id", sa.Uuid(), nullable=True))
    op.add_column("proposal", sa.Column("favours", sa.String(), nullable=False, server_default=""))
    op.add_column("proposal", sa.Column("stop_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "proposal",
        sa.Column("exceptions", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default="[]"),
    )
    op.add_column(
        "proposal", sa.Column("choices", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True)
    )
    op.add_column("proposal", sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("proposal", sa.Column("answer_by", sa.Date(), nullable=True))
    op.add_column("proposal", sa.Column("mended", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(op.f("ix_proposal_set_id"), "proposal", ["set_id"], unique=False)
    own = "hub_id = ANY ((SELECT app_hubs())::uuid[])"
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_hubs ON {table} USING ({own}) WITH CHECK ({own})")


def downgrade() -> None:
    op.execute("DELETE FROM line_query WHERE line_id IS NULL")
    op.drop_index(op.f("ix_proposal_set_id"), table_name="proposal")
    op.drop_column("proposal", "mended")
    op.drop_column("proposal", "answer_by")
    op.drop_column("proposal", "sent_at")
    op.drop_column("proposal", "choices")
    op.drop_column("proposal", "exceptions")
    op.drop_column("proposal", "stop_at")
    op.drop_column("proposal", "favours")
    op.drop_column("proposal", "set_id")
    op.drop_constraint(op.f("fk_line_query_line_id"), "line_query", type_="foreignkey")
    op.drop_constraint(op.f("fk_line_query_urn"), "line_query", type_="foreignkey")
    op.create_foreign_key(
        op.f("fk_line_query_line_id"), "line_query", "ledger_line", ["line_id"], ["id"], ondelete="CASCADE"
    )
    op.drop_index(op.f("ix_line_query_urn"), table_name="line_query")
    op.alter_column("line_query", "line_id", existing_type=sa.UUID(), nullable=False)
    op.drop_column("line_query", "says")
    op.drop_column("line_query", "urn")
    for table in reversed(TABLES):
        op.drop_table(table)
