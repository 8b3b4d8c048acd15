"""The address of an ombuds' own calendar, and what opens the feed of their times."""

import sqlalchemy as sa
from alembic import op

revision = "keys_0004"
down_revision = "keys_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar",
        sa.Column("ombuds", sa.LargeBinary(16), primary_key=True),
        sa.Column("address", sa.LargeBinary, nullable=False),
        sa.Column("feed", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )
