"""That an ombuds' appointments are moved."""

import sqlalchemy as sa
from alembic import op

revision = "site_0003"
down_revision = "site_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("ombuds", sa.LargeBinary(16), primary_key=True),
        sa.Column("first", sa.String(10), nullable=False),
        sa.Column("last", sa.String(10), nullable=False),
        sa.Column("part", sa.String(9), nullable=False),
        sqlite_with_rowid=False,
    )
