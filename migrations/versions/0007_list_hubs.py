"""Work that goes by the clock must know which hubs there are: let their rows be listed."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE POLICY listed ON hub FOR SELECT USING (current_setting('app.every_hub', true) = 'yes')")


def downgrade() -> None:
    op.execute("DROP POLICY listed ON hub")
