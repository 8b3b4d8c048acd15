"""Slots get their grain. The table is made anew, so that every row has its full length from the start."""

import sqlalchemy as sa
from alembic import op

revision = "desk_0002"
down_revision = "desk_0001"
branch_labels = None
depends_on = None

KEPT = "id, ombuds, starts, minutes, modes, proof_needed"


def upgrade() -> None:
    op.create_table(
        "slot_anew",
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column("ombuds", sa.LargeBinary(16), nullable=False),
        sa.Column("starts", sa.Integer, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("modes", sa.String(3), nullable=False),
        sa.Column("proof_needed", sa.Boolean, nullable=False),
        sa.Column("grain", sa.LargeBinary(16), nullable=False),
        sa.Column("state", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute(f"INSERT INTO slot_anew SELECT {KEPT}, randomblob(16), state FROM slot ORDER BY id")  # noqa: S608
    op.drop_table("slot")
    op.rename_table("slot_anew", "slot")
