"""How often an event was changed, for the calendars that hold it."""

import sqlalchemy as sa
from alembic import op

revision = "site_0005"
down_revision = "site_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("event", sa.Column("changes", sa.Integer, nullable=False, server_default="0"))
