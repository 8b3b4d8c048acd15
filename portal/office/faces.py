"""What the public is told of the ombuds, by the site store alone."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.office.tables import Face


def public_names(site: Session) -> dict[bytes, str]:
    """Everybody who ever joined: id to name."""
    return {row.ombuds: row.name for row in site.execute(select(Face.ombuds, Face.name))}


def public_keys(site: Session) -> dict[bytes, bytes]:
    """The key of each, as posters and cards show it: apart from the one that bookings are sealed to."""
    return {row.ombuds: row.public_key for row in site.execute(select(Face.ombuds, Face.public_key))}
