"""The ladder: approaches, enrolments, agreements, criteria, moves, barriers, plans, snapshots; gone schools."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = (
    "agreement_text",
    "risk_rule",
    "action_plan",
    "condition_review",
    "criteria_set",
    "hub_snapshot",
    "school_change",
    "specialist",
    "enrolment",
    "agreement",
    "approach",
    "stage_move",
    "barrier",
    "plan_action",
    "stage_step",
    "action_task",
)


def upgrade() -> None:
    op.create_table(
        "agreement_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_agreement_text_hub_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_text")),
        sa.UniqueConstraint("hub_id", "kind", "version", name=op.f("uq_agreement_text_hub_id_kind_version")),
    )
    op.create_index(op.f("ix_agreement_text_hub_id"), "agreement_text", ["hub_id"], unique=False)
    op.create_table(
        "risk_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_risk_rule_hub_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_risk_rule")),
        sa.UniqueConstraint("hub_id", "key", name=op.f("uq_risk_rule_hub_id_key")),
    )
    op.create_index(op.f("ix_risk_rule_hub_id"), "risk_rule", ["hub_id"], unique=False)
    op.create_table(
        "action_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("aims", sa.Text(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreed_by"], ["person.id"], name=op.f("fk_action_plan_agreed_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_action_plan_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["urn"], ["school.urn"], name=op.f("fk_action_plan_urn"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_plan")),
        sa.UniqueConstraint("hub_id", "year", "urn", name=op.f("uq_action_plan_hub_id_year_urn")),
    )
    op.create_index(op.f("ix_action_plan_agreed_by"), "action_plan", ["agreed_by"], unique=False)
    op.create_index(op.f("ix_action_plan_hub_id"), "action_plan", ["hub_id"], unique=False)
    op.create_index(op.f("ix_action_plan_urn"), "action_plan", ["urn"], unique=False)
    op.create_table(
        "condition_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("present", sa.String(), nullable=False),
        sa.Column("levers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("conditions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("questions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_condition_review_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_condition_review_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["urn"], ["school.urn"], name=op.f("fk_condition_review_urn"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition_review")),
    )
    op.create_index(op.f("ix_condition_review_by_id"), "condition_review", ["by_id"], unique=False)
    op.create_index(op.f("ix_condition_review_hub_id"), "condition_review", ["hub_id"], unique=False)
    op.create_index(op.f("ix_condition_review_urn"), "condition_review", ["urn"], unique=False)
    op.create_table(
        "criteria_set",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("criteria", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_criteria_set_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_criteria_set_made_by"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criteria_set")),
        sa.UniqueConstraint("hub_id", "kind", "version", name=op.f("uq_criteria_set_hub_id_kind_version")),
    )
    op.create_index(op.f("ix_criteria_set_hub_id"), "criteria_set", ["hub_id"], unique=False)
    op.create_index(op.f("ix_criteria_set_made_by"), "criteria_set", ["made_by"], unique=False)
    op.create_table(
        "hub_snapshot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("picture", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_hub_snapshot_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["taken_by"], ["person.id"], name=op.f("fk_hub_snapshot_taken_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hub_snapshot")),
    )
    op.create_index(op.f("ix_hub_snapshot_hub_id"), "hub_snapshot", ["hub_id"], unique=False)
    op.create_index(op.f("ix_hub_snapshot_taken_by"), "hub_snapshot", ["taken_by"], unique=False)
    op.create_table(
        "school_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("successor_urn", sa.Integer(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("moved", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_school_change_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["person.id"], name=op.f("fk_school_change_settled_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["successor_urn"], ["school.urn"], name=op.f("fk_school_change_successor_urn"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["urn"], ["school.urn"], name=op.f("fk_school_change_urn"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_change")),
    )
    op.create_index(op.f("ix_school_change_hub_id"), "school_change", ["hub_id"], unique=False)
    op.create_index(op.f("ix_school_change_settled_by"), "school_change", ["settled_by"], unique=False)
    op.create_index(op.f("ix_school_change_urn"), "school_change", ["urn"], unique=False)
    op.create_index(
        "school_change_once",
        "school_change",
        ["hub_id", "urn"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "specialist",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("most_groups", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_specialist_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_specialist_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_specialist")),
    )
    op.create_index(op.f("ix_specialist_hub_id"), "specialist", ["hub_id"], unique=False)
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("began_on", sa.Date(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["work_group.id"], name=op.f("fk_enrolment_group_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_enrolment_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_enrolment_programme_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["urn"], ["school.urn"], name=op.f("fk_enrolment_urn"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
    )
    op.create_index("enrolment_by_year", "enrolment", ["hub_id", "year"], unique=False)
    op.create_index(
        "enrolment_once",
        "enrolment",
        ["hub_id", "urn", "programme_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    op.create_index(op.f("ix_enrolment_group_id"), "enrolment", ["group_id"], unique=False)
    op.create_index(op.f("ix_enrolment_hub_id"), "enrolment", ["hub_id"], unique=False)
    op.create_index(op.f("ix_enrolment_programme_id"), "enrolment", ["programme_id"], unique=False)
    op.create_index(op.f("ix_enrolment_urn"), "enrolment", ["urn"], unique=False)
    op.create_table(
        "agreement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("because", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_agreement_enrolment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_agreement_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["signed_by"], ["person.id"], name=op.f("fk_agreement_signed_by"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["text_id"], ["agreement_text.id"], name=op.f("fk_agreement_text_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
    )
    op.create_index(op.f("ix_agreement_enrolment_id"), "agreement", ["enrolment_id"], unique=False)
    op.create_index(op.f("ix_agreement_hub_id"), "agreement", ["hub_id"], unique=False)
    op.create_index(op.f("ix_agreement_signed_by"), "agreement", ["signed_by"], unique=False)
    op.create_index(op.f("ix_agreement_text_id"), "agreement", ["text_id"], unique=False)
    op.create_table(
        "approach",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("referred_on", sa.Date(), nullable=True),
        sa.Column("referred_by", sa.String(), nullable=False),
        sa.Column("reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("invited_on", sa.Date(), nullable=True),
        sa.Column("interested_on", sa.Date(), nullable=True),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("applied_by", sa.String(), nullable=False),
        sa.Column("declined_on", sa.Date(), nullable=True),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_approach_enrolment_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_approach_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["urn"], ["school.urn"], name=op.f("fk_approach_urn"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approach")),
        sa.UniqueConstraint("hub_id", "year", "urn", name=op.f("uq_approach_hub_id_year_urn")),
    )
    op.create_index(op.f("ix_approach_enrolment_id"), "approach", ["enrolment_id"], unique=False)
    op.create_index(op.f("ix_approach_hub_id"), "approach", ["hub_id"], unique=False)
    op.create_index(op.f("ix_approach_urn"), "approach", ["urn"], unique=False)
    op.create_table(
        "stage_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_programme_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("criteria_id", sa.Uuid(), nullable=False),
        sa.Column("override", sa.Boolean(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("snapshot", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("agreed_snapshot", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("were", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_because", sa.String(), nullable=False),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reversed_by", sa.Uuid(), nullable=True),
        sa.Column("reversed_because", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state NOT IN ('agreed', 'declined', 'reversed') OR settled_by <> proposed_by", name="stage_move_by_two"
        ),
        sa.ForeignKeyConstraint(
            ["criteria_id"], ["criteria_set.id"], name=op.f("fk_stage_move_criteria_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["from_id"], ["enrolment.id"], name=op.f("fk_stage_move_from_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_stage_move_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_stage_move_proposed_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["reversed_by"], ["person.id"], name=op.f("fk_stage_move_reversed_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["person.id"], name=op.f("fk_stage_move_settled_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["to_id"], ["enrolment.id"], name=op.f("fk_stage_move_to_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["to_programme_id"], ["programme.id"], name=op.f("fk_stage_move_to_programme_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["urn"], ["school.urn"], name=op.f("fk_stage_move_urn"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_move")),
    )
    op.create_index(op.f("ix_stage_move_criteria_id"), "stage_move", ["criteria_id"], unique=False)
    op.create_index(op.f("ix_stage_move_from_id"), "stage_move", ["from_id"], unique=False)
    op.create_index(op.f("ix_stage_move_hub_id"), "stage_move", ["hub_id"], unique=False)
    op.create_index(op.f("ix_stage_move_proposed_by"), "stage_move", ["proposed_by"], unique=False)
    op.create_index(op.f("ix_stage_move_reversed_by"), "stage_move", ["reversed_by"], unique=False)
    op.create_index(op.f("ix_stage_move_settled_by"), "stage_move", ["settled_by"], unique=False)
    op.create_index(op.f("ix_stage_move_to_id"), "stage_move", ["to_id"], unique=False)
    op.create_index(op.f("ix_stage_move_to_programme_id"), "stage_move", ["to_programme_id"], unique=False)
    op.create_index(op.f("ix_stage_move_urn"), "stage_move", ["urn"], unique=False)
    op.create_index("stage_move_by_state", "stage_move", ["hub_id", "state"], unique=False)
    op.create_index(
        "stage_move_once", "stage_move", ["from_id"], unique=True, postgresql_where=sa.text("state = 'proposed'")
    )
    op.create_table(
        "barrier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("lever", sa.String(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("weight", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_barrier_closed_by"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_barrier_event_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_barrier_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_barrier_made_by"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_barrier_owner_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["review_id"], ["condition_review.id"], name=op.f("fk_barrier_review_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["urn"], ["school.urn"], name=op.f("fk_barrier_urn"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barrier")),
    )
    op.create_index(
        "barrier_from_record",
        "barrier",
        ["event_id", "item"],
        unique=True,
        postgresql_where=sa.text("event_id IS NOT NULL"),
    )
    op.create_index("barrier_of_school", "barrier", ["hub_id", "urn", "state"], unique=False)
    op.create_index(op.f("ix_barrier_closed_by"), "barrier", ["closed_by"], unique=False)
    op.create_index(op.f("ix_barrier_event_id"), "barrier", ["event_id"], unique=False)
    op.create_index(op.f("ix_barrier_hub_id"), "barrier", ["hub_id"], unique=False)
    op.create_index(op.f("ix_barrier_made_by"), "barrier", ["made_by"], unique=False)
    op.create_index(op.f("ix_barrier_owner_id"), "barrier", ["owner_id"], unique=False)
    op.create_index(op.f("ix_barrier_review_id"), "barrier", ["review_id"], unique=False)
    op.create_index(op.f("ix_barrier_urn"), "barrier", ["urn"], unique=False)
    op.create_table(
        "plan_action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_plan_action_event_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_plan_action_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_plan_action_owner_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["action_plan.id"], name=op.f("fk_plan_action_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_action")),
    )
    op.create_index(op.f("ix_plan_action_event_id"), "plan_action", ["event_id"], unique=False)
    op.create_index(op.f("ix_plan_action_hub_id"), "plan_action", ["hub_id"], unique=False)
    op.create_index(op.f("ix_plan_action_owner_id"), "plan_action", ["owner_id"], unique=False)
    op.create_index(op.f("ix_plan_action_plan_id"), "plan_action", ["plan_id"], unique=False)
    op.create_index(
        "plan_action_from_record",
        "plan_action",
        ["event_id", "item"],
        unique=True,
        postgresql_where=sa.text("event_id IS NOT NULL"),
    )
    op.create_table(
        "stage_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=True),
        sa.Column("move_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("criteria_id", sa.Uuid(), nullable=True),
        sa.Column("snapshot", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_stage_step_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["criteria_id"], ["criteria_set.id"], name=op.f("fk_stage_step_criteria_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_stage_step_enrolment_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_stage_step_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["move_id"], ["stage_move.id"], name=op.f("fk_stage_step_move_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["urn"], ["school.urn"], name=op.f("fk_stage_step_urn"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_step")),
    )
    op.create_index(op.f("ix_stage_step_by_id"), "stage_step", ["by_id"], unique=False)
    op.create_index(op.f("ix_stage_step_criteria_id"), "stage_step", ["criteria_id"], unique=False)
    op.create_index(op.f("ix_stage_step_enrolment_id"), "stage_step", ["enrolment_id"], unique=False)
    op.create_index(op.f("ix_stage_step_hub_id"), "stage_step", ["hub_id"], unique=False)
    op.create_index(op.f("ix_stage_step_move_id"), "stage_step", ["move_id"], unique=False)
    op.create_index(op.f("ix_stage_step_urn"), "stage_step", ["urn"], unique=False)
    op.create_index("stage_step_of_school", "stage_step", ["hub_id", "urn", "at"], unique=False)
    op.create_table(
        "action_task",
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["action_id"], ["plan_action.id"], name=op.f("fk_action_task_action_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id", "item"],
            ["gap_task.event_id", "gap_task.item"],
            name=op.f("fk_action_task_event_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_action_task_hub_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("action_id", "event_id", "item", name=op.f("pk_action_task")),
    )
    op.create_index(op.f("ix_action_task_hub_id"), "action_task", ["hub_id"], unique=False)
    op.add_column("programme", sa.Column("most_times", sa.Integer(), nullable=True))
    op.add_column("reflection", sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE programme SET most_times = 1 WHERE kind = 'development'")
    own = "hub_id = ANY ((SELECT app_hubs())::uuid[])"
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_hubs ON {table} USING ({own}) WITH CHECK ({own})")
    # A step of a school's journey stays as it was; only words about people in its reason can be forgotten.
    op.execute("REVOKE UPDATE, DELETE ON stage_step FROM halfterm_app")
    op.execute("GRANT UPDATE (because) ON stage_step TO halfterm_app")
    # A frozen picture stays as it was; it can only be taken away and put back.
    op.execute("REVOKE UPDATE ON hub_snapshot FROM halfterm_app")
    op.execute("GRANT UPDATE (name, deleted_at) ON hub_snapshot TO halfterm_app")


def downgrade() -> None:
    op.drop_column("reflection", "shared_at")
    op.drop_column("programme", "most_times")
    for table in reversed(TABLES):
        op.drop_table(table)
