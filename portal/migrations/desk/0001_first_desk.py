"""Ombuds, hours, slots and lockers."""

import sqlalchemy as sa
from alembic import op

revision = "desk_0001"
down_revision = None
branch_labels = None
depends_on = None

OMBUDS = ("ombuds", sa.LargeBinary(16))


def upgrade() -> None:
    for name, columns in {
        "ombuds": (
            sa.Column("id", sa.LargeBinary(16), primary_key=True),
            sa.Column("name", sa.String(80), nullable=False),
            sa.Column("state", sa.Integer, nullable=False),
            sa.Column("join_hash", sa.LargeBinary(32), nullable=False),
            sa.Column("public_key", sa.LargeBinary(1216), nullable=False),
        ),
        "office": (
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("public_key", sa.LargeBinary(1216), nullable=False),
        ),
        "hours": (
            sa.Column(*OMBUDS, primary_key=True),
            sa.Column("weekday", sa.Integer, primary_key=True),
            sa.Column("starts", sa.String(5), primary_key=True),
            sa.Column("ends", sa.String(5), primary_key=True),
        ),
        "practice": (
            sa.Column(*OMBUDS, primary_key=True),
            sa.Column("minutes", sa.Integer, nullable=False),
            sa.Column("modes", sa.String(3), nullable=False),
            sa.Column("without_code", sa.Boolean, nullable=False),
            *(
                sa.Column(f"place_{part}", sa.String, nullable=False)
                for part in ("name", "access", "door", "directions")
            ),
        ),
        "slot": (
            sa.Column("id", sa.LargeBinary(16), primary_key=True),
            sa.Column(*OMBUDS, nullable=False),
            sa.Column("starts", sa.Integer, nullable=False),
            sa.Column("minutes", sa.Integer, nullable=False),
            sa.Column("modes", sa.String(3), nullable=False),
            sa.Column("proof_needed", sa.Boolean, nullable=False),
            sa.Column("state", sa.Integer, nullable=False),
        ),
        "locker": (
            sa.Column("id", sa.LargeBinary(16), primary_key=True),
            sa.Column(*OMBUDS, nullable=False),
            sa.Column("state", sa.Integer, nullable=False),
            sa.Column("destroy_on", sa.String(10), nullable=False),
            sa.Column("lookup", sa.LargeBinary(16), nullable=False),
            sa.Column("to_ombuds", sa.LargeBinary, nullable=False),
            sa.Column("to_visitor", sa.LargeBinary, nullable=False),
            sa.Column("notes", sa.LargeBinary, nullable=False),
        ),
        "diary": (
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("last_day", sa.String(10), nullable=False),
        ),
    }.items():
        op.create_table(name, *columns, sqlite_with_rowid=False)
