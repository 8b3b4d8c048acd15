"""Wrapped keys and locks."""

import sqlalchemy as sa
from alembic import op

revision = "keys_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "keyring",
        sa.Column("ombuds", sa.LargeBinary(16), primary_key=True),
        sa.Column("salt", sa.LargeBinary(16), nullable=False),
        sa.Column("wrapped_code", sa.LargeBinary(48), nullable=False),
        sa.Column("second_factor", sa.LargeBinary(48), nullable=False),
        sa.Column("office_key", sa.LargeBinary(1232), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "lock",
        sa.Column("locker", sa.LargeBinary(16), primary_key=True),
        sa.Column("secret", sa.LargeBinary(32), nullable=False),
        sqlite_with_rowid=False,
    )
