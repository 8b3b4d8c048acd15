"""What the public is told of each ombuds."""

import sqlalchemy as sa
from alembic import op

revision = "site_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "face",
        sa.Column("ombuds", sa.LargeBinary(16), primary_key=True),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("public_key", sa.LargeBinary(1216), nullable=False),
        sqlite_with_rowid=False,
    )
