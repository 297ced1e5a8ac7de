"""The job queue's own tables (procrastinate 3.10), open to the app's role."""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind().connection.dbapi_connection
    with connection.cursor() as cursor:
        cursor.execute(SchemaManager.get_schema())
    op.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO halfterm_app")


def downgrade() -> None:
    op.execute("""
        DO $$ DECLARE name text; BEGIN
            FOR name IN SELECT format('DROP FUNCTION IF EXISTS %s CASCADE', oid::regprocedure) FROM pg_proc
                WHERE proname LIKE 'procrastinate%' LOOP EXECUTE name; END LOOP;
            FOR name IN SELECT format('DROP TABLE IF EXISTS %I CASCADE', tablename) FROM pg_tables
                WHERE schemaname = 'public' AND tablename LIKE 'procrastinate%' LOOP EXECUTE name; END LOOP;
            FOR name IN SELECT format('DROP TYPE IF EXISTS %I CASCADE', typname) FROM pg_type
                WHERE typname LIKE 'procrastinate%' AND typtype IN ('e', 'c') LOOP EXECUTE name; END LOOP;
        END $$
    """)
