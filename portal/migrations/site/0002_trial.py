"""The newest run of the seizure test."""

import sqlalchemy as sa
from alembic import op

revision = "site_0002"
down_revision = "site_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trial",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("found_nobody", sa.Boolean, nullable=False),
        sqlite_with_rowid=False,
    )
