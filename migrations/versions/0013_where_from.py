"""Whom somebody came from, kept with their place once they have changed school."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("booking", sa.Column("urn", sa.Integer(), nullable=True))
    op.create_foreign_key(op.f("fk_booking_urn"), "booking", "school", ["urn"], ["urn"], ondelete="SET NULL")


def downgrade() -> None:
    op.drop_constraint(op.f("fk_booking_urn"), "booking", type_="foreignkey")
    op.drop_column("booking", "urn")
