"""Who may change public words."""

import sqlalchemy as sa
from alembic import op

revision = "keys_0005"
down_revision = "keys_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "editor",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("salt", sa.LargeBinary(16), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.Column("factor", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
