"""The notebook: records of events and the operations that fill them, what follows from them, and reflections."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


OF_A_HUB = (
    "evidence",
    "gap_task",
    "note",
    "note_answer",
    "note_device",
    "note_form",
    "note_head",
    "note_op",
    "note_photo",
    "note_photo_part",
    "note_read",
    "note_version",
    "reflection",
    "reflection_framework",
)


def upgrade() -> None:
    op.create_table(
        "note_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sections", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_note_form_hub_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_form")),
        sa.UniqueConstraint("hub_id", "kind", "version", name=op.f("uq_note_form_hub_id_kind_version")),
    )
    op.create_index(op.f("ix_note_form_hub_id"), "note_form", ["hub_id"], unique=False)
    op.create_table(
        "reflection_framework",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("intro", sa.String(), nullable=False),
        sa.Column("indicators", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["hub_id"], ["hub.id"], name=op.f("fk_reflection_framework_hub_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reflection_framework")),
        sa.UniqueConstraint("hub_id", "key", "version", name=op.f("uq_reflection_framework_hub_id_key_version")),
    )
    op.create_index(op.f("ix_reflection_framework_hub_id"), "reflection_framework", ["hub_id"], unique=False)
    op.create_table(
        "note_device",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_note_device_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_note_device_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("device_id", "person_id", name=op.f("pk_note_device")),
    )
    op.create_index(op.f("ix_note_device_hub_id"), "note_device", ["hub_id"], unique=False)
    op.create_index(op.f("ix_note_device_person_id"), "note_device", ["person_id"], unique=False)
    op.create_table(
        "note",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_note_event_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["form_id"], ["note_form.id"], name=op.f("fk_note_form_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_note_hub_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_note")),
    )
    op.create_index(op.f("ix_note_form_id"), "note", ["form_id"], unique=False)
    op.create_index(op.f("ix_note_hub_id"), "note", ["hub_id"], unique=False)
    op.create_table(
        "note_photo",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=True),
        sa.Column("small", sa.LargeBinary(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_note_photo_event_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_note_photo_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_note_photo_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("event_id", "sha", name=op.f("pk_note_photo")),
    )
    op.create_index(op.f("ix_note_photo_hub_id"), "note_photo", ["hub_id"], unique=False)
    op.create_index(op.f("ix_note_photo_person_id"), "note_photo", ["person_id"], unique=False)
    op.create_table(
        "note_read",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_note_read_event_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_note_read_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_note_read_person_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_read")),
        sa.UniqueConstraint(
            "event_id", "person_id", "day", "how", name=op.f("uq_note_read_event_id_person_id_day_how")
        ),
    )
    op.create_index(op.f("ix_note_read_event_id"), "note_read", ["event_id"], unique=False)
    op.create_index(op.f("ix_note_read_hub_id"), "note_read", ["hub_id"], unique=False)
    op.create_index(op.f("ix_note_read_person_id"), "note_read", ["person_id"], unique=False)
    op.create_table(
        "reflection",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("framework_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("where", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_reflection_event_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["framework_id"], ["reflection_framework.id"], name=op.f("fk_reflection_framework_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_reflection_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reflection_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reflection")),
    )
    op.create_index(op.f("ix_reflection_event_id"), "reflection", ["event_id"], unique=False)
    op.create_index(op.f("ix_reflection_framework_id"), "reflection", ["framework_id"], unique=False)
    op.create_index(op.f("ix_reflection_hub_id"), "reflection", ["hub_id"], unique=False)
    op.create_index(op.f("ix_reflection_person_id"), "reflection", ["person_id"], unique=False)
    op.create_table(
        "gap_task",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("went", sa.Text(), nullable=False),
        sa.Column("went_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("photo", sa.String(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["note.event_id"], name=op.f("fk_gap_task_event_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["work_group.id"], name=op.f("fk_gap_task_group_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_gap_task_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_gap_task_person_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("event_id", "item", name=op.f("pk_gap_task")),
    )
    op.create_index(op.f("ix_gap_task_group_id"), "gap_task", ["group_id"], unique=False)
    op.create_index(op.f("ix_gap_task_hub_id"), "gap_task", ["hub_id"], unique=False)
    op.create_index(op.f("ix_gap_task_person_id"), "gap_task", ["person_id"], unique=False)
    op.create_table(
        "note_op",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("op_id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("replaces", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("base_rev", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("device_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "words",
            postgresql.TSVECTOR(),
            sa.Computed(
                "to_tsvector('english'::regconfig, value)",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["event_id"], ["note.event_id"], name=op.f("fk_note_op_event_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_note_op_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_note_op_owner_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_note_op_person_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("event_id", "op_id", name=op.f("pk_note_op")),
        sa.UniqueConstraint("event_id", "rev", name=op.f("uq_note_op_event_id_rev")),
    )
    op.create_index(op.f("ix_note_op_hub_id"), "note_op", ["hub_id"], unique=False)
    op.create_index(op.f("ix_note_op_owner_id"), "note_op", ["owner_id"], unique=False)
    op.create_index(op.f("ix_note_op_person_id"), "note_op", ["person_id"], unique=False)
    op.create_index("note_op_by_place", "note_op", ["event_id", "path"], unique=False)
    op.create_index("note_op_words", "note_op", ["words"], unique=False, postgresql_using="gin")
    op.create_table(
        "note_photo_part",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("sha", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("piece", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "sha"],
            ["note_photo.event_id", "note_photo.sha"],
            name=op.f("fk_note_photo_part_event_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_note_photo_part_hub_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "sha", "start", name=op.f("pk_note_photo_part")),
    )
    op.create_index(op.f("ix_note_photo_part_hub_id"), "note_photo_part", ["hub_id"], unique=False)
    op.create_table(
        "note_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["note.event_id"], name=op.f("fk_note_version_event_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_note_version_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["submitted_by"], ["person.id"], name=op.f("fk_note_version_submitted_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note_version")),
        sa.UniqueConstraint("event_id", "number", name=op.f("uq_note_version_event_id_number")),
    )
    op.create_index(op.f("ix_note_version_hub_id"), "note_version", ["hub_id"], unique=False)
    op.create_index(op.f("ix_note_version_submitted_by"), "note_version", ["submitted_by"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_evidence_event_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_evidence_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["urn"], ["school.urn"], name=op.f("fk_evidence_urn"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["note_version.id"], name=op.f("fk_evidence_version_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index("evidence_by_school", "evidence", ["hub_id", "urn", "kind"], unique=False)
    op.create_index(op.f("ix_evidence_event_id"), "evidence", ["event_id"], unique=False)
    op.create_index(op.f("ix_evidence_hub_id"), "evidence", ["hub_id"], unique=False)
    op.create_index(op.f("ix_evidence_urn"), "evidence", ["urn"], unique=False)
    op.create_index(op.f("ix_evidence_version_id"), "evidence", ["version_id"], unique=False)
    op.create_table(
        "note_answer",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_note_answer_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_note_answer_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["note_version.id"], name=op.f("fk_note_answer_version_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("version_id", "person_id", name=op.f("pk_note_answer")),
    )
    op.create_index(op.f("ix_note_answer_hub_id"), "note_answer", ["hub_id"], unique=False)
    op.create_index(op.f("ix_note_answer_person_id"), "note_answer", ["person_id"], unique=False)
    op.create_table(
        "note_head",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("op_id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id", "op_id"],
            ["note_op.event_id", "note_op.op_id"],
            name=op.f("fk_note_head_event_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_note_head_hub_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "op_id", name=op.f("pk_note_head")),
    )
    op.create_index(op.f("ix_note_head_hub_id"), "note_head", ["hub_id"], unique=False)
    op.create_index("note_head_by_place", "note_head", ["event_id", "path"], unique=False)
    for table in OF_A_HUB:
        op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
        op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
        own = "hub_id = ANY ((SELECT app_hubs())::uuid[])"
        op.execute(f'CREATE POLICY own_hubs ON "{table}" USING ({own}) WITH CHECK ({own})')
    # What was written stays written: no path of the app changes an operation or a submitted version.
    op.execute("REVOKE UPDATE, DELETE ON note_op FROM halfterm_app")
    op.execute("REVOKE UPDATE, DELETE ON note_version FROM halfterm_app")
    op.execute("GRANT UPDATE (agreed_at, superseded_at) ON note_version TO halfterm_app")


def downgrade() -> None:
    op.drop_index("note_head_by_place", table_name="note_head")
    op.drop_index(op.f("ix_note_head_hub_id"), table_name="note_head")
    op.drop_table("note_head")
    op.drop_index(op.f("ix_note_answer_person_id"), table_name="note_answer")
    op.drop_index(op.f("ix_note_answer_hub_id"), table_name="note_answer")
    op.drop_table("note_answer")
    op.drop_index(op.f("ix_evidence_version_id"), table_name="evidence")
    op.drop_index(op.f("ix_evidence_urn"), table_name="evidence")
    op.drop_index(op.f("ix_evidence_hub_id"), table_name="evidence")
    op.drop_index(op.f("ix_evidence_event_id"), table_name="evidence")
    op.drop_index("evidence_by_school", table_name="evidence")
    op.drop_table("evidence")
    op.drop_index(op.f("ix_note_version_submitted_by"), table_name="note_version")
    op.drop_index(op.f("ix_note_version_hub_id"), table_name="note_version")
    op.drop_table("note_version")
    op.drop_index(op.f("ix_note_photo_part_hub_id"), table_name="note_photo_part")
    op.drop_table("note_photo_part")
    op.drop_index("note_op_words", table_name="note_op", postgresql_using="gin")
    op.drop_index("note_op_by_place", table_name="note_op")
    op.drop_index(op.f("ix_note_op_person_id"), table_name="note_op")
    op.drop_index(op.f("ix_note_op_owner_id"), table_name="note_op")
    op.drop_index(op.f("ix_note_op_hub_id"), table_name="note_op")
    op.drop_table("note_op")
    op.drop_index(op.f("ix_gap_task_person_id"), table_name="gap_task")
    op.drop_index(op.f("ix_gap_task_hub_id"), table_name="gap_task")
    op.drop_index(op.f("ix_gap_task_group_id"), table_name="gap_task")
    op.drop_table("gap_task")
    op.drop_index(op.f("ix_reflection_person_id"), table_name="reflection")
    op.drop_index(op.f("ix_reflection_hub_id"), table_name="reflection")
    op.drop_index(op.f("ix_reflection_framework_id"), table_name="reflection")
    op.drop_index(op.f("ix_reflection_event_id"), table_name="reflection")
    op.drop_table("reflection")
    op.drop_index(op.f("ix_note_read_person_id"), table_name="note_read")
    op.drop_index(op.f("ix_note_read_hub_id"), table_name="note_read")
    op.drop_index(op.f("ix_note_read_event_id"), table_name="note_read")
    op.drop_table("note_read")
    op.drop_index(op.f("ix_note_photo_person_id"), table_name="note_photo")
    op.drop_index(op.f("ix_note_photo_hub_id"), table_name="note_photo")
    op.drop_table("note_photo")
    op.drop_index(op.f("ix_note_hub_id"), table_name="note")
    op.drop_index(op.f("ix_note_form_id"), table_name="note")
    op.drop_table("note")
    op.drop_index(op.f("ix_note_device_person_id"), table_name="note_device")
    op.drop_index(op.f("ix_note_device_hub_id"), table_name="note_device")
    op.drop_table("note_device")
    op.drop_index(op.f("ix_reflection_framework_hub_id"), table_name="reflection_framework")
    op.drop_table("reflection_framework")
    op.drop_index(op.f("ix_note_form_hub_id"), table_name="note_form")
    op.drop_table("note_form")
