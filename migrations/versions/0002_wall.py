"""The wall: the app's role, and row-level security on every table of a hub."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OF_A_HUB = (
    "away",
    "booking",
    "calendar",
    "calendar_day",
    "closure",
    "event",
    "group_school",
    "half_term",
    "hub_school",
    "hub_year",
    "import",
    "participant",
    "programme",
    "proposal",
    "role_held",
    "school_day",
    "specialist_cohort",
    "trail_entry",
    "visit_series",
    "work_group",
)


def upgrade() -> None:
    op.execute("""
        DO $$ BEGIN
            CREATE ROLE halfterm_app NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
    """)
    op.execute("""
        DO $$ BEGIN
            IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
                EXECUTE format('GRANT halfterm_app TO %I', current_user);
            END IF;
        END $$
    """)
    op.execute("GRANT USAGE ON SCHEMA public TO halfterm_app")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO halfterm_app")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO halfterm_app")
    op.execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO halfterm_app"
    )
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO halfterm_app")
    op.execute("REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM halfterm_app")
    op.execute("REVOKE UPDATE, DELETE ON trail_entry FROM halfterm_app")
    op.execute("""
        CREATE FUNCTION app_hubs() RETURNS uuid[] LANGUAGE sql STABLE AS
        $$ SELECT string_to_array(nullif(current_setting('app.hubs', true), ''), ',')::uuid[] $$
    """)
    op.execute("""
        CREATE FUNCTION app_account() RETURNS uuid LANGUAGE sql STABLE AS
        $$ SELECT nullif(current_setting('app.account', true), '')::uuid $$
    """)
    for table in OF_A_HUB:
        wall(table, "hub_id = ANY ((SELECT app_hubs())::uuid[])")
    # Somebody who signs in must first find out in which hubs they are.
    wall("person", "hub_id = ANY ((SELECT app_hubs())::uuid[])", "account_id = (SELECT app_account())")
    # A command or an address names a hub by its code.
    wall("hub", "id = ANY ((SELECT app_hubs())::uuid[])", "code = (SELECT current_setting('app.hub_code', true))")


def wall(table: str, own: str, found: str | None = None) -> None:
    op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    op.execute(f'CREATE POLICY own_hubs ON "{table}" USING ({own}) WITH CHECK ({own})')
    if found:
        op.execute(f'CREATE POLICY found ON "{table}" FOR SELECT USING ({found})')


def downgrade() -> None:
    for table in (*OF_A_HUB, "person", "hub"):
        op.execute(f'DROP POLICY own_hubs ON "{table}"')
        op.execute(f'DROP POLICY IF EXISTS found ON "{table}"')
        op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
        op.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
    op.execute("DROP FUNCTION app_account()")
    op.execute("DROP FUNCTION app_hubs()")
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM halfterm_app")
    op.execute("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM halfterm_app")
    op.execute("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM halfterm_app")
    op.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM halfterm_app")
    op.execute("REVOKE ALL ON SCHEMA public FROM halfterm_app")
