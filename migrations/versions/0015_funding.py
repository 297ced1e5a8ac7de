"""The ledger: rate cards, statements and lines that a closed statement keeps, queries, adjustments, payments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = (
    "funder_form",
    "funding_year",
    "payee",
    "assurance_sample",
    "completion_snapshot",
    "rate_card",
    "remittance",
    "standing_export",
    "statement",
    "ledger_line",
    "statement_step",
    "adjustment",
    "evaluation",
    "line_query",
    "travel",
)

# A closed statement is frozen by the database itself (docs/rules/money.md, "Statements").
FROZEN = """
CREATE FUNCTION statement_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'open' THEN
            RAISE EXCEPTION 'statement % is closed: it stays', OLD.reference;
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.state <> 'open' THEN
        IF NEW.state = 'open' OR to_jsonb(NEW) - '{state,paid,version,closed_by,approved_by}'::text[]
                <> to_jsonb(OLD) - '{state,paid,version,closed_by,approved_by}'::text[]
            OR (NEW.closed_by IS NOT NULL AND NEW.closed_by IS DISTINCT FROM OLD.closed_by)
        THEN
            RAISE EXCEPTION 'statement % is closed: what it says stays as it is', OLD.reference;
        END IF;
    ELSIF NEW.state <> 'open' THEN
        SELECT count(*) AS lines, coalesce(sum(pence), 0) AS pence INTO found
            FROM ledger_line WHERE statement_id = NEW.id;
        IF found.lines <> NEW.lines OR found.pence <> NEW.pence OR NEW.lines = 0 OR NEW.digest = '' THEN
            RAISE EXCEPTION 'statement % closes with other lines than it has', OLD.reference;
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION line_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed text;
BEGIN
    SELECT reference INTO closed FROM statement
        WHERE state <> 'open' AND id IN (OLD.statement_id, CASE WHEN TG_OP = 'UPDATE' THEN NEW.statement_id END);
    IF FOUND THEN
        RAISE EXCEPTION 'statement % is closed: its lines stay as they are', closed;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE FUNCTION line_added() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    over text;
BEGIN
    -- A hub that moves here brings its closed statements first and then their lines: never more than they closed with.
    SELECT s.reference INTO over FROM statement s
        WHERE s.state <> 'open' AND s.id IN (SELECT statement_id FROM fresh)
        AND (SELECT count(*) FROM ledger_line l WHERE l.statement_id = s.id) > s.lines LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'statement % is closed: it takes no further line', over;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION card_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.published_at IS NOT NULL AND (TG_OP = 'DELETE'
        OR to_jsonb(NEW) - 'made_by' <> to_jsonb(OLD) - 'made_by' OR NEW.made_by IS NOT NULL
        AND NEW.made_by IS DISTINCT FROM OLD.made_by)
    THEN
        RAISE EXCEPTION 'version % of the rate card of % is published: a change is its next version',
            OLD.version, OLD.year;
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER statement_frozen BEFORE UPDATE OR DELETE ON statement
    FOR EACH ROW EXECUTE FUNCTION statement_frozen();
CREATE TRIGGER line_frozen BEFORE UPDATE OR DELETE ON ledger_line FOR EACH ROW EXECUTE FUNCTION line_frozen();
CREATE TRIGGER line_added AFTER INSERT ON ledger_line REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION line_added();
CREATE TRIGGER card_frozen BEFORE UPDATE OR DELETE ON rate_card FOR EACH ROW EXECUTE FUNCTION card_frozen();
"""


def upgrade() -> None:
    op.create_table(
        "funder_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_funder_form_hub_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funder_form")),
        sa.UniqueConstraint("hub_id", "name", name=op.f("uq_funder_form_hub_id_name")),
    )
    op.create_index(op.f("ix_funder_form_hub_id"), "funder_form", ["hub_id"], unique=False)
    op.create_table(
        "funding_year",
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("grant_pence", sa.BigInteger(), nullable=False),
        sa.Column("near", sa.Integer(), nullable=False),
        sa.Column("per", sa.String(), nullable=False),
        sa.Column("every", sa.String(), nullable=False),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_funding_year_hub_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hub_id", "year", name=op.f("pk_funding_year")),
    )
    op.create_table(
        "payee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_payee_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["urn"], ["school.urn"], name=op.f("fk_payee_urn"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payee")),
        sa.UniqueConstraint("hub_id", "urn", name=op.f("uq_payee_hub_id_urn")),
    )
    op.create_index(op.f("ix_payee_hub_id"), "payee", ["hub_id"], unique=False)
    op.create_index(op.f("ix_payee_urn"), "payee", ["urn"], unique=False)
    op.create_table(
        "assurance_sample",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_assurance_sample_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_assurance_sample_made_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assurance_sample")),
    )
    op.create_index(op.f("ix_assurance_sample_hub_id"), "assurance_sample", ["hub_id"], unique=False)
    op.create_index(op.f("ix_assurance_sample_made_by"), "assurance_sample", ["made_by"], unique=False)
    op.create_table(
        "completion_snapshot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_completion_snapshot_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["taken_by"], ["person.id"], name=op.f("fk_completion_snapshot_taken_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion_snapshot")),
    )
    op.create_index(op.f("ix_completion_snapshot_hub_id"), "completion_snapshot", ["hub_id"], unique=False)
    op.create_index(op.f("ix_completion_snapshot_taken_by"), "completion_snapshot", ["taken_by"], unique=False)
    op.create_table(
        "rate_card",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rates", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_rate_card_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_rate_card_made_by"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate_card")),
        sa.UniqueConstraint("hub_id", "year", "version", name=op.f("uq_rate_card_hub_id_year_version")),
    )
    op.create_index(op.f("ix_rate_card_hub_id"), "rate_card", ["hub_id"], unique=False)
    op.create_index(op.f("ix_rate_card_made_by"), "rate_card", ["made_by"], unique=False)
    op.create_table(
        "remittance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("told", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_remittance_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["person.id"], name=op.f("fk_remittance_settled_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["person.id"], name=op.f("fk_remittance_uploaded_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remittance")),
    )
    op.create_index(op.f("ix_remittance_hub_id"), "remittance", ["hub_id"], unique=False)
    op.create_index(op.f("ix_remittance_settled_by"), "remittance", ["settled_by"], unique=False)
    op.create_index(op.f("ix_remittance_uploaded_by"), "remittance", ["uploaded_by"], unique=False)
    op.create_index("remittance_by_time", "remittance", ["hub_id", "kind", "uploaded_at"], unique=False)
    op.create_table(
        "standing_export",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=True),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("span", sa.String(), nullable=False),
        sa.Column("every", sa.String(), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("addresses", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_told", sa.String(), nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_id"], ["funder_form.id"], name=op.f("fk_standing_export_form_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_standing_export_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["made_by"], ["person.id"], name=op.f("fk_standing_export_made_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_export")),
        sa.UniqueConstraint("hub_id", "name", name=op.f("uq_standing_export_hub_id_name")),
    )
    op.create_index(op.f("ix_standing_export_form_id"), "standing_export", ["form_id"], unique=False)
    op.create_index(op.f("ix_standing_export_hub_id"), "standing_export", ["hub_id"], unique=False)
    op.create_index(op.f("ix_standing_export_made_by"), "standing_export", ["made_by"], unique=False)
    op.create_table(
        "statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> closed_by", name="statement_by_two"),
        sa.CheckConstraint("last >= first", name="statement_span"),
        sa.CheckConstraint("abs(paid) <= abs(pence) AND sign(paid) * sign(pence) >= 0", name="statement_paid"),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["person.id"], name=op.f("fk_statement_approved_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_statement_closed_by"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_statement_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["urn"], ["school.urn"], name=op.f("fk_statement_urn"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("hub_id", "reference", name=op.f("uq_statement_hub_id_reference")),
    )
    op.create_index(op.f("ix_statement_approved_by"), "statement", ["approved_by"], unique=False)
    op.create_index(op.f("ix_statement_closed_by"), "statement", ["closed_by"], unique=False)
    op.create_index(op.f("ix_statement_hub_id"), "statement", ["hub_id"], unique=False)
    op.create_index(op.f("ix_statement_urn"), "statement", ["urn"], unique=False)
    op.create_index("statement_by_year", "statement", ["hub_id", "year", "state"], unique=False)
    op.create_table(
        "ledger_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("payee", sa.String(), nullable=False),
        sa.Column("rate", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("group_code", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("of", sa.BigInteger(), nullable=False),
        sa.Column("rate_pence", sa.BigInteger(), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("corrects", sa.Uuid(), nullable=True),
        sa.Column("card_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["corrects"], ["ledger_line.id"], name=op.f("fk_ledger_line_corrects"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_ledger_line_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_ledger_line_statement_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["urn"], ["school.urn"], name=op.f("fk_ledger_line_urn"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_line")),
    )
    op.create_index(op.f("ix_ledger_line_corrects"), "ledger_line", ["corrects"], unique=False)
    op.create_index(op.f("ix_ledger_line_hub_id"), "ledger_line", ["hub_id"], unique=False)
    op.create_index(op.f("ix_ledger_line_statement_id"), "ledger_line", ["statement_id"], unique=False)
    op.create_index(op.f("ix_ledger_line_urn"), "ledger_line", ["urn"], unique=False)
    op.create_index("ledger_line_by_day", "ledger_line", ["hub_id", "day"], unique=False)
    op.create_index("ledger_line_of_school", "ledger_line", ["hub_id", "urn"], unique=False)
    op.create_index("ledger_line_what", "ledger_line", ["hub_id", "key", "urn", "payee"], unique=False)
    op.create_table(
        "statement_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("remittance_id", sa.Uuid(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_statement_step_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_statement_step_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["remittance_id"], ["remittance.id"], name=op.f("fk_statement_step_remittance_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_statement_step_statement_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_step")),
    )
    op.create_index(op.f("ix_statement_step_by_id"), "statement_step", ["by_id"], unique=False)
    op.create_index(op.f("ix_statement_step_hub_id"), "statement_step", ["hub_id"], unique=False)
    op.create_index(op.f("ix_statement_step_remittance_id"), "statement_step", ["remittance_id"], unique=False)
    op.create_index(op.f("ix_statement_step_statement_id"), "statement_step", ["statement_id"], unique=False)
    op.create_table(
        "adjustment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("payee", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("pence", sa.BigInteger(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_because", sa.String(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state NOT IN ('agreed', 'declined') OR settled_by <> by_id", name="adjustment_by_two"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_adjustment_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_adjustment_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["line_id"], ["ledger_line.id"], name=op.f("fk_adjustment_line_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["person.id"], name=op.f("fk_adjustment_settled_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["urn"], ["school.urn"], name=op.f("fk_adjustment_urn"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment")),
    )
    op.create_index("adjustment_by_state", "adjustment", ["hub_id", "state"], unique=False)
    op.create_index(op.f("ix_adjustment_by_id"), "adjustment", ["by_id"], unique=False)
    op.create_index(op.f("ix_adjustment_hub_id"), "adjustment", ["hub_id"], unique=False)
    op.create_index(op.f("ix_adjustment_line_id"), "adjustment", ["line_id"], unique=False)
    op.create_index(op.f("ix_adjustment_settled_by"), "adjustment", ["settled_by"], unique=False)
    op.create_index(op.f("ix_adjustment_urn"), "adjustment", ["urn"], unique=False)
    op.create_table(
        "evaluation",
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_evaluation_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_evaluation_enrolment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_evaluation_hub_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_evaluation")),
    )
    op.create_index(op.f("ix_evaluation_by_id"), "evaluation", ["by_id"], unique=False)
    op.create_index(op.f("ix_evaluation_hub_id"), "evaluation", ["hub_id"], unique=False)
    op.create_table(
        "line_query",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_line_query_answered_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_line_query_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_line_query_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["line_id"], ["ledger_line.id"], name=op.f("fk_line_query_line_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_query")),
    )
    op.create_index(op.f("ix_line_query_answered_by"), "line_query", ["answered_by"], unique=False)
    op.create_index(op.f("ix_line_query_by_id"), "line_query", ["by_id"], unique=False)
    op.create_index(op.f("ix_line_query_hub_id"), "line_query", ["hub_id"], unique=False)
    op.create_index(op.f("ix_line_query_line_id"), "line_query", ["line_id"], unique=False)
    op.create_index("line_query_by_time", "line_query", ["hub_id", "asked_at"], unique=False)
    op.create_index(
        "line_query_once", "line_query", ["line_id"], unique=True, postgresql_where=sa.text("answered_at IS NULL")
    )
    op.create_table(
        "travel",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_travel_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_travel_event_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_travel_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_travel_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "person_id", name=op.f("pk_travel")),
    )
    op.create_index(op.f("ix_travel_by_id"), "travel", ["by_id"], unique=False)
    op.create_index(op.f("ix_travel_hub_id"), "travel", ["hub_id"], unique=False)
    op.create_index(op.f("ix_travel_person_id"), "travel", ["person_id"], unique=False)
    op.add_column("attendance", sa.Column("excused", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("ALTER TABLE attendance NO FORCE ROW LEVEL SECURITY")
    op.execute("UPDATE attendance SET excused = true WHERE because <> ''")
    op.execute("ALTER TABLE attendance FORCE ROW LEVEL SECURITY")
    op.add_column("programme", sa.Column("code", sa.String(), nullable=False, server_default=""))
    op.create_index(
        "evidence_newest_review",
        "evidence",
        ["hub_id", "urn", "key", sa.text("day DESC"), sa.text("id DESC")],
        unique=False,
        postgresql_where=sa.text("kind = 'reviewed' AND superseded_at IS NULL"),
    )
    own = "hub_id = ANY ((SELECT app_hubs())::uuid[])"
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_hubs ON {table} USING ({own}) WITH CHECK ({own})")
    op.execute(FROZEN)
    # What was done and drawn stays as it was; only words about people can be forgotten.
    op.execute("REVOKE UPDATE, DELETE ON statement_step, assurance_sample FROM halfterm_app")
    op.execute("GRANT UPDATE (because) ON statement_step TO halfterm_app")
    op.execute("GRANT UPDATE (seed) ON assurance_sample TO halfterm_app")
    op.execute("REVOKE UPDATE, DELETE ON completion_snapshot FROM halfterm_app")
    op.execute("GRANT UPDATE (name, deleted_at) ON completion_snapshot TO halfterm_app")
    # A payment file stays as it came, whatever becomes of it.
    op.execute("REVOKE UPDATE, DELETE ON remittance FROM halfterm_app")
    op.execute("GRANT UPDATE (columns, state, told, settled_at, settled_by, version) ON remittance TO halfterm_app")


def downgrade() -> None:
    op.drop_index("evidence_newest_review", table_name="evidence")
    op.drop_column("programme", "code")
    op.drop_column("attendance", "excused")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.execute("DROP FUNCTION statement_frozen(), line_frozen(), line_added(), card_frozen()")
