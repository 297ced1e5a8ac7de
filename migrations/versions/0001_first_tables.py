"""The first tables: hubs, people, schools, groups, events, proposals, feeds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("number", name=op.f("uq_account_number")),
    )
    op.create_table(
        "hub",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("morning_starts", sa.Time(), nullable=False),
        sa.Column("morning_ends", sa.Time(), nullable=False),
        sa.Column("afternoon_starts", sa.Time(), nullable=False),
        sa.Column("afternoon_ends", sa.Time(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hub")),
        sa.UniqueConstraint("code", name=op.f("uq_hub_code")),
    )
    op.create_table(
        "school",
        sa.Column("urn", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("la_code", sa.Integer(), nullable=False),
        sa.Column("la_name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("low_age", sa.Integer(), nullable=True),
        sa.Column("high_age", sa.Integer(), nullable=True),
        sa.Column("pupils", sa.Integer(), nullable=True),
        sa.Column("ofsted", sa.String(), nullable=False),
        sa.Column("ofsted_on", sa.Date(), nullable=True),
        sa.Column("street", sa.String(), nullable=False),
        sa.Column("locality", sa.String(), nullable=False),
        sa.Column("address3", sa.String(), nullable=False),
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("county", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("website", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("easting", sa.Integer(), nullable=True),
        sa.Column("northing", sa.Integer(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("urn", name=op.f("pk_school")),
    )
    op.create_index(op.f("ix_school_la_code"), "school", ["la_code"], unique=False)
    op.create_index("school_name_search", "school", [sa.literal_column("lower(name)")], unique=False)
    op.create_table(
        "school_link",
        sa.Column("urn", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("other_urn", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("urn", "other_urn", "kind", name=op.f("pk_school_link")),
    )
    op.create_table(
        "api_token",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_api_token_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_api_token")),
    )
    op.create_index(op.f("ix_api_token_account_id"), "api_token", ["account_id"], unique=False)
    op.create_table(
        "calendar",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_calendar_hub_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar")),
        sa.UniqueConstraint("hub_id", "year", "name", name=op.f("uq_calendar_hub_id_year_name")),
    )
    op.create_index(op.f("ix_calendar_hub_id"), "calendar", ["hub_id"], unique=False)
    op.create_table(
        "closure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_closure_hub_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
        sa.UniqueConstraint("hub_id", "day", name=op.f("uq_closure_hub_id_day")),
    )
    op.create_index(op.f("ix_closure_hub_id"), "closure", ["hub_id"], unique=False)
    op.create_table(
        "feed",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=True),
        sa.Column("revision", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stale", sa.Boolean(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("body_gzip", sa.LargeBinary(), nullable=False),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("newest_change", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alarm_minutes", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_feed_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_feed")),
        sa.UniqueConstraint("hash", name=op.f("uq_feed_hash")),
    )
    op.create_table(
        "feed_fetch",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_feed_fetch_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "client", name=op.f("pk_feed_fetch")),
    )
    op.create_table(
        "hub_year",
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("meetings_per_day", sa.Integer(), nullable=True),
        sa.Column("weights", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_hub_year_hub_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hub_id", "year", name=op.f("pk_hub_year")),
    )
    op.create_table(
        "once_key",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_once_key_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("pk_once_key")),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("fewest_schools", sa.Integer(), nullable=False),
        sa.Column("most_schools", sa.Integer(), nullable=False),
        sa.Column("meetings", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("visit_half_terms", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("observation_half_terms", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("least_gap", sa.Integer(), nullable=False),
        sa.Column("participants", sa.Integer(), nullable=False),
        sa.Column("people", sa.String(), nullable=False),
        sa.Column("led_by", sa.String(), nullable=False),
        sa.Column("head_attends", sa.String(), nullable=False),
        sa.Column("years", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_programme_hub_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("hub_id", "year", "kind", name=op.f("uq_programme_hub_id_year_kind")),
    )
    op.create_index(op.f("ix_programme_hub_id"), "programme", ["hub_id"], unique=False)
    op.create_table(
        "school_day",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_school_day_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["urn"], ["school.urn"], name=op.f("fk_school_day_urn"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_day")),
        sa.UniqueConstraint("hub_id", "urn", "day", name=op.f("uq_school_day_hub_id_urn_day")),
    )
    op.create_index(op.f("ix_school_day_hub_id"), "school_day", ["hub_id"], unique=False)
    op.create_index(op.f("ix_school_day_urn"), "school_day", ["urn"], unique=False)
    op.create_table(
        "session",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("csrf", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_session_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_account_id"), "session", ["account_id"], unique=False)
    op.create_table(
        "sign_in_link",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_sign_in_link_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_sign_in_link")),
    )
    op.create_index(op.f("ix_sign_in_link_account_id"), "sign_in_link", ["account_id"], unique=False)
    op.create_table(
        "specialist_cohort",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("began", sa.Integer(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_specialist_cohort_hub_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_specialist_cohort")),
        sa.UniqueConstraint("hub_id", "number", name=op.f("uq_specialist_cohort_hub_id_number")),
    )
    op.create_index(op.f("ix_specialist_cohort_hub_id"), "specialist_cohort", ["hub_id"], unique=False)
    op.create_table(
        "trail_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("did", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_trail_entry_account_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_trail_entry_hub_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_entry")),
    )
    op.create_index(op.f("ix_trail_entry_account_id"), "trail_entry", ["account_id"], unique=False)
    op.create_index(op.f("ix_trail_entry_hub_id"), "trail_entry", ["hub_id"], unique=False)
    op.create_index("trail_by_time", "trail_entry", ["hub_id", "at"], unique=False)
    op.create_table(
        "calendar_day",
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendar.id"], name=op.f("fk_calendar_day_calendar_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_calendar_day_hub_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("calendar_id", "day", name=op.f("pk_calendar_day")),
    )
    op.create_index(op.f("ix_calendar_day_hub_id"), "calendar_day", ["hub_id"], unique=False)
    op.create_table(
        "half_term",
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendar.id"], name=op.f("fk_half_term_calendar_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_half_term_hub_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("calendar_id", "number", name=op.f("pk_half_term")),
    )
    op.create_index(op.f("ix_half_term_hub_id"), "half_term", ["hub_id"], unique=False)
    op.create_table(
        "hub_school",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Uuid(), nullable=True),
        sa.Column("maths", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("hosts", sa.Boolean(), nullable=False),
        sa.Column("hosted_before", sa.Integer(), nullable=False),
        sa.Column("rather_not_host", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendar.id"], name=op.f("fk_hub_school_calendar_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_hub_school_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["urn"], ["school.urn"], name=op.f("fk_hub_school_urn"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hub_school")),
        sa.UniqueConstraint("hub_id", "year", "urn", name=op.f("uq_hub_school_hub_id_year_urn")),
    )
    op.create_index(op.f("ix_hub_school_calendar_id"), "hub_school", ["calendar_id"], unique=False)
    op.create_index(op.f("ix_hub_school_hub_id"), "hub_school", ["hub_id"], unique=False)
    op.create_index(op.f("ix_hub_school_urn"), "hub_school", ["urn"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("works", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("base_urn", sa.Integer(), nullable=True),
        sa.Column("cohort_id", sa.Uuid(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_person_account_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["base_urn"], ["school.urn"], name=op.f("fk_person_base_urn"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["specialist_cohort.id"], name=op.f("fk_person_cohort_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_person_hub_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("hub_id", "account_id", name=op.f("uq_person_hub_id_account_id")),
    )
    op.create_index(op.f("ix_person_account_id"), "person", ["account_id"], unique=False)
    op.create_index(op.f("ix_person_cohort_id"), "person", ["cohort_id"], unique=False)
    op.create_index(op.f("ix_person_hub_id"), "person", ["hub_id"], unique=False)
    op.create_table(
        "away",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_away_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_away_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_away")),
        sa.UniqueConstraint("person_id", "day", name=op.f("uq_away_person_id_day")),
    )
    op.create_index(op.f("ix_away_hub_id"), "away", ["hub_id"], unique=False)
    op.create_index(op.f("ix_away_person_id"), "away", ["person_id"], unique=False)
    op.create_table(
        "import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_import_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_import_made_by_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import")),
    )
    op.create_index(op.f("ix_import_hub_id"), "import", ["hub_id"], unique=False)
    op.create_index(op.f("ix_import_made_by_id"), "import", ["made_by_id"], unique=False)
    op.create_table(
        "proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("problem", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("names", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("plan", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("judgement", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("progress", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("because", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_proposal_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_proposal_made_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index(op.f("ix_proposal_hub_id"), "proposal", ["hub_id"], unique=False)
    op.create_index(op.f("ix_proposal_made_by_id"), "proposal", ["made_by_id"], unique=False)
    op.create_table(
        "role_held",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_role_held_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_held_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["urn"], ["school.urn"], name=op.f("fk_role_held_urn"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_held")),
    )
    op.create_index(op.f("ix_role_held_hub_id"), "role_held", ["hub_id"], unique=False)
    op.create_index(op.f("ix_role_held_person_id"), "role_held", ["person_id"], unique=False)
    op.create_index(
        "role_held_once", "role_held", ["person_id", "role", sa.literal_column("coalesce(urn, 0)")], unique=True
    )
    op.create_table(
        "work_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("leader_id", sa.Uuid(), nullable=False),
        sa.Column("half_terms", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("least_gap", sa.Integer(), nullable=False),
        sa.Column("weekday_cost", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("first_host_urn", sa.Integer(), nullable=True),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("joining_link", sa.String(), nullable=False),
        sa.Column("morning_starts", sa.Time(), nullable=True),
        sa.Column("morning_ends", sa.Time(), nullable=True),
        sa.Column("afternoon_starts", sa.Time(), nullable=True),
        sa.Column("afternoon_ends", sa.Time(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["first_host_urn"], ["school.urn"], name=op.f("fk_work_group_first_host_urn"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_work_group_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["leader_id"], ["person.id"], name=op.f("fk_work_group_leader_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_work_group_programme_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_group")),
        sa.UniqueConstraint("hub_id", "year", "code", name=op.f("uq_work_group_hub_id_year_code")),
    )
    op.create_index(op.f("ix_work_group_hub_id"), "work_group", ["hub_id"], unique=False)
    op.create_index(op.f("ix_work_group_leader_id"), "work_group", ["leader_id"], unique=False)
    op.create_index(op.f("ix_work_group_programme_id"), "work_group", ["programme_id"], unique=False)
    op.create_table(
        "group_school",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["work_group.id"], name=op.f("fk_group_school_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_group_school_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["urn"], ["school.urn"], name=op.f("fk_group_school_urn"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("group_id", "urn", name=op.f("pk_group_school")),
    )
    op.create_index(op.f("ix_group_school_hub_id"), "group_school", ["hub_id"], unique=False)
    op.create_index(op.f("ix_group_school_urn"), "group_school", ["urn"], unique=False)
    op.create_table(
        "participant",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["work_group.id"], name=op.f("fk_participant_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_participant_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_participant_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["urn"], ["school.urn"], name=op.f("fk_participant_urn"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("group_id", "person_id", name=op.f("pk_participant")),
    )
    op.create_index(op.f("ix_participant_hub_id"), "participant", ["hub_id"], unique=False)
    op.create_index(op.f("ix_participant_person_id"), "participant", ["person_id"], unique=False)
    op.create_index(op.f("ix_participant_urn"), "participant", ["urn"], unique=False)
    op.create_table(
        "visit_series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("visitor_id", sa.Uuid(), nullable=False),
        sa.Column("half_terms", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("least_gap", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["work_group.id"], name=op.f("fk_visit_series_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_visit_series_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["urn"], ["school.urn"], name=op.f("fk_visit_series_urn"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["visitor_id"], ["person.id"], name=op.f("fk_visit_series_visitor_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_series")),
        sa.UniqueConstraint("hub_id", "year", "urn", name=op.f("uq_visit_series_hub_id_year_urn")),
    )
    op.create_index(op.f("ix_visit_series_group_id"), "visit_series", ["group_id"], unique=False)
    op.create_index(op.f("ix_visit_series_hub_id"), "visit_series", ["hub_id"], unique=False)
    op.create_index(op.f("ix_visit_series_urn"), "visit_series", ["urn"], unique=False)
    op.create_index(op.f("ix_visit_series_visitor_id"), "visit_series", ["visitor_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("slot_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("half_term", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("own_times", sa.Boolean(), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("joining_link", sa.String(), nullable=False),
        sa.Column("urn", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("teacher_id", sa.Uuid(), nullable=True),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("piece", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["work_group.id"], name=op.f("fk_event_group_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_event_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["lead_id"], ["person.id"], name=op.f("fk_event_lead_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_event_proposal_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["series_id"], ["visit_series.id"], name=op.f("fk_event_series_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["teacher_id"], ["person.id"], name=op.f("fk_event_teacher_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["urn"], ["school.urn"], name=op.f("fk_event_urn"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("hub_id", "year", "slot_key", name=op.f("uq_event_hub_id_year_slot_key")),
        sa.UniqueConstraint("uid", name=op.f("uq_event_uid")),
    )
    op.create_index("event_by_day", "event", ["hub_id", "day"], unique=False)
    op.create_index(op.f("ix_event_group_id"), "event", ["group_id"], unique=False)
    op.create_index(op.f("ix_event_hub_id"), "event", ["hub_id"], unique=False)
    op.create_index(op.f("ix_event_lead_id"), "event", ["lead_id"], unique=False)
    op.create_index(op.f("ix_event_proposal_id"), "event", ["proposal_id"], unique=False)
    op.create_index(op.f("ix_event_series_id"), "event", ["series_id"], unique=False)
    op.create_index(op.f("ix_event_teacher_id"), "event", ["teacher_id"], unique=False)
    op.create_index(op.f("ix_event_urn"), "event", ["urn"], unique=False)
    op.create_table(
        "booking",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("account_number", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("expected", sa.Boolean(), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int8range(account_number, account_number, '[]')"), "&&"),
            (sa.column("during"), "&&"),
            where=sa.text("holds"),
            using="gist",
            name="booking_one_place_at_a_time",
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_booking_event_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["hub_id"], ["hub.id"], name=op.f("fk_booking_hub_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_booking_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("event_id", "person_id", name=op.f("pk_booking")),
    )
    op.create_index(op.f("ix_booking_hub_id"), "booking", ["hub_id"], unique=False)
    op.create_index(op.f("ix_booking_person_id"), "booking", ["person_id"], unique=False)


def downgrade() -> None:

    op.drop_index(op.f("ix_booking_person_id"), table_name="booking")
    op.drop_index(op.f("ix_booking_hub_id"), table_name="booking")
    op.drop_table("booking")
    op.drop_index(op.f("ix_event_urn"), table_name="event")
    op.drop_index(op.f("ix_event_teacher_id"), table_name="event")
    op.drop_index(op.f("ix_event_series_id"), table_name="event")
    op.drop_index(op.f("ix_event_proposal_id"), table_name="event")
    op.drop_index(op.f("ix_event_lead_id"), table_name="event")
    op.drop_index(op.f("ix_event_hub_id"), table_name="event")
    op.drop_index(op.f("ix_event_group_id"), table_name="event")
    op.drop_index("event_by_day", table_name="event")
    op.drop_table("event")
    op.drop_index(op.f("ix_visit_series_visitor_id"), table_name="visit_series")
    op.drop_index(op.f("ix_visit_series_urn"), table_name="visit_series")
    op.drop_index(op.f("ix_visit_series_hub_id"), table_name="visit_series")
    op.drop_index(op.f("ix_visit_series_group_id"), table_name="visit_series")
    op.drop_table("visit_series")
    op.drop_index(op.f("ix_participant_urn"), table_name="participant")
    op.drop_index(op.f("ix_participant_person_id"), table_name="participant")
    op.drop_index(op.f("ix_participant_hub_id"), table_name="participant")
    op.drop_table("participant")
    op.drop_index(op.f("ix_group_school_urn"), table_name="group_school")
    op.drop_index(op.f("ix_group_school_hub_id"), table_name="group_school")
    op.drop_table("group_school")
    op.drop_index(op.f("ix_work_group_programme_id"), table_name="work_group")
    op.drop_index(op.f("ix_work_group_leader_id"), table_name="work_group")
    op.drop_index(op.f("ix_work_group_hub_id"), table_name="work_group")
    op.drop_table("work_group")
    op.drop_index("role_held_once", table_name="role_held")
    op.drop_index(op.f("ix_role_held_person_id"), table_name="role_held")
    op.drop_index(op.f("ix_role_held_hub_id"), table_name="role_held")
    op.drop_table("role_held")
    op.drop_index(op.f("ix_proposal_made_by_id"), table_name="proposal")
    op.drop_index(op.f("ix_proposal_hub_id"), table_name="proposal")
    op.drop_table("proposal")
    op.drop_index(op.f("ix_import_made_by_id"), table_name="import")
    op.drop_index(op.f("ix_import_hub_id"), table_name="import")
    op.drop_table("import")
    op.drop_index(op.f("ix_away_person_id"), table_name="away")
    op.drop_index(op.f("ix_away_hub_id"), table_name="away")
    op.drop_table("away")
    op.drop_index(op.f("ix_person_hub_id"), table_name="person")
    op.drop_index(op.f("ix_person_cohort_id"), table_name="person")
    op.drop_index(op.f("ix_person_account_id"), table_name="person")
    op.drop_table("person")
    op.drop_index(op.f("ix_hub_school_urn"), table_name="hub_school")
    op.drop_index(op.f("ix_hub_school_hub_id"), table_name="hub_school")
    op.drop_index(op.f("ix_hub_school_calendar_id"), table_name="hub_school")
    op.drop_table("hub_school")
    op.drop_index(op.f("ix_half_term_hub_id"), table_name="half_term")
    op.drop_table("half_term")
    op.drop_index(op.f("ix_calendar_day_hub_id"), table_name="calendar_day")
    op.drop_table("calendar_day")
    op.drop_index("trail_by_time", table_name="trail_entry")
    op.drop_index(op.f("ix_trail_entry_hub_id"), table_name="trail_entry")
    op.drop_index(op.f("ix_trail_entry_account_id"), table_name="trail_entry")
    op.drop_table("trail_entry")
    op.drop_index(op.f("ix_specialist_cohort_hub_id"), table_name="specialist_cohort")
    op.drop_table("specialist_cohort")
    op.drop_index(op.f("ix_sign_in_link_account_id"), table_name="sign_in_link")
    op.drop_table("sign_in_link")
    op.drop_index(op.f("ix_session_account_id"), table_name="session")
    op.drop_table("session")
    op.drop_index(op.f("ix_school_day_urn"), table_name="school_day")
    op.drop_index(op.f("ix_school_day_hub_id"), table_name="school_day")
    op.drop_table("school_day")
    op.drop_index(op.f("ix_programme_hub_id"), table_name="programme")
    op.drop_table("programme")
    op.drop_table("once_key")
    op.drop_table("hub_year")
    op.drop_table("feed_fetch")
    op.drop_table("feed")
    op.drop_index(op.f("ix_closure_hub_id"), table_name="closure")
    op.drop_table("closure")
    op.drop_index(op.f("ix_calendar_hub_id"), table_name="calendar")
    op.drop_table("calendar")
    op.drop_index(op.f("ix_api_token_account_id"), table_name="api_token")
    op.drop_table("api_token")
    op.drop_table("school_link")
    op.drop_index("school_name_search", table_name="school")
    op.drop_index(op.f("ix_school_la_code"), table_name="school")
    op.drop_table("school")
    op.drop_table("hub")
    op.drop_table("account")
