"""A command names a proposal by its id alone: let that one row be found."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE POLICY found ON proposal FOR SELECT
        USING (id = (SELECT nullif(current_setting('app.proposal', true), '')::uuid))
    """)


def downgrade() -> None:
    op.execute("DROP POLICY found ON proposal")
