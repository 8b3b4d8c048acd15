"""What the public is told of the ombuds, by the site store alone."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.office.tables import Face


def public_names(site: Session) -> dict[bytes, str]:
    """Everybody who ever joined: id to name."""
    return {row.ombuds: row.name for row in site.execute(select(Face.ombuds, Face.name))}


def published(site: Session) -> dict[bytes, tuple[str, bytes]]:
    """Name and key of each, as posters and cards show them: apart from those that bookings go by."""
    rows = site.execute(select(Face.ombuds, Face.name, Face.public_key))
    return {row.ombuds: (row.name, row.public_key) for row in rows}
