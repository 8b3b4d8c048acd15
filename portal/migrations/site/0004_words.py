"""The office's own words: pages, events, voices, and its choices."""

import sqlalchemy as sa
from alembic import op

revision = "site_0004"
down_revision = "site_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "words",
        sa.Column("key", sa.String(60), primary_key=True),
        sa.Column("lang", sa.String(12), primary_key=True),
        sa.Column("text", sa.Text),
        sa.Column("before", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "page",
        sa.Column("key", sa.String(60), primary_key=True),
        sa.Column("shown", sa.Boolean, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "choice",
        sa.Column("name", sa.String(30), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "event",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("starts", sa.String(16), nullable=False),
        sa.Column("ends", sa.String(16), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("link", sa.String(300), nullable=False),
        sa.Column("audience", sa.String(60), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "voice",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("quarter", sa.String(7), nullable=False),
        sa.Column("lang", sa.String(12), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
