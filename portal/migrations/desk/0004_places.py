"""Places of their own and who has them, ways and places of each range, dates with hours of their own, busy times."""

import os

import sqlalchemy as sa
from alembic import op

revision = "desk_0004"
down_revision = "desk_0003"
branch_labels = None
depends_on = None

NOWHERE = bytes(16)
EVERY_WAY = "vip"
ALL = 100
OMBUDS = ("ombuds", sa.LargeBinary(16))


def _hours(*when: sa.Column[object]) -> tuple[sa.Column[object], ...]:
    return (
        sa.Column(*OMBUDS, primary_key=True),
        *when,
        sa.Column("starts", sa.String(5), primary_key=True),
        sa.Column("ends", sa.String(5), primary_key=True),
        sa.Column("kind", sa.String(12), primary_key=True),
        sa.Column("modes", sa.String(3), nullable=False),
        sa.Column("place", sa.LargeBinary(16), nullable=False),
    )


TABLES: dict[str, tuple[sa.Column[object], ...]] = {
    "place": (
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        *(sa.Column(name, sa.String, nullable=False) for name in ("name", "access", "door", "directions")),
        *(sa.Column(name, sa.Boolean, nullable=False) for name in ("is_step_free", "has_no_sign", "is_apart")),
    ),
    "practice": (
        sa.Column(*OMBUDS, primary_key=True),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("modes", sa.String(3), nullable=False),
        sa.Column("without_code", sa.Integer, nullable=False),
        sa.Column("place", sa.LargeBinary(16), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("buffer", "a_day", "online")),
        sa.Column("notice_hours", sa.Integer, nullable=True),
        sa.Column("horizon_weeks", sa.Integer, nullable=True),
        *(sa.Column(name, sa.String, nullable=False) for name in ("zone", "holidays", "languages", "region")),
    ),
    "hours": _hours(sa.Column("weekday", sa.Integer, primary_key=True)),
    "special": _hours(sa.Column("day", sa.String(10), primary_key=True)),
    "room": (
        sa.Column("place", sa.LargeBinary(16), primary_key=True),
        sa.Column(*OMBUDS, primary_key=True),
        sa.Column("use", sa.LargeBinary, nullable=False),
    ),
    "busy": (
        sa.Column(*OMBUDS, primary_key=True),
        sa.Column("read_at", sa.Integer, nullable=False),
        sa.Column("map", sa.LargeBinary, nullable=False),
    ),
    "slot": (
        sa.Column("id", sa.LargeBinary(16), primary_key=True),
        sa.Column(*OMBUDS, nullable=False),
        sa.Column("starts", sa.Integer, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("modes", sa.String(3), nullable=False),
        sa.Column("proof_needed", sa.Boolean, nullable=False),
        sa.Column("place", sa.LargeBinary(16), nullable=False),
        sa.Column("grain", sa.LargeBinary(16), nullable=False),
        sa.Column("state", sa.Integer, nullable=False),
    ),
}


def upgrade() -> None:
    found = {name: _rows(f"SELECT * FROM {name} ORDER BY 1") for name in ("practice", "hours", "slot")}  # noqa: S608
    for name in found:
        op.drop_table(name)
    made = {name: op.create_table(name, *columns, sqlite_with_rowid=False) for name, columns in TABLES.items()}
    places = {each["ombuds"]: os.urandom(16) for each in found["practice"] if each["place_name"] or each["place_door"]}
    rows = {
        "place": [_place(each, places[each["ombuds"]]) for each in found["practice"] if each["ombuds"] in places],
        "practice": [_practice(each, places.get(each["ombuds"], NOWHERE)) for each in found["practice"]],
        "hours": [
            dict(each) | {"kind": "appointments", "modes": EVERY_WAY, "place": NOWHERE} for each in found["hours"]
        ],
        "slot": [dict(each) | {"place": _place_of(each, places)} for each in found["slot"]],
    }
    for name, values in rows.items():
        if values:
            op.bulk_insert(made[name], sorted(values, key=lambda row: bytes(row.get("id", row.get("ombuds")))))


def _rows(query: str) -> list[sa.RowMapping]:
    return list(op.get_bind().execute(sa.text(query)).mappings())


def _place(practice: sa.RowMapping, key: bytes) -> dict[str, object]:
    parts = {name: practice[f"place_{name}"] for name in ("name", "access", "door", "directions")}
    # Only the door had to be filled in; without a name nobody would read where they are met before they book.
    return {
        "id": key,
        **parts,
        "name": parts["name"] or "Our place",
        "is_step_free": False,
        "has_no_sign": False,
        "is_apart": False,
    }


def _practice(old: sa.RowMapping, place: bytes) -> dict[str, object]:
    return {
        "ombuds": old["ombuds"],
        "minutes": old["minutes"],
        "modes": old["modes"],
        "without_code": ALL if old["without_code"] else 0,
        "place": place,
        "buffer": 0,
        "a_day": 0,
        "online": ALL,
        "notice_hours": None,
        "horizon_weeks": None,
        "zone": "",
        "holidays": "",
        "languages": "",
        "region": "",
    }


def _place_of(slot: sa.RowMapping, places: dict[bytes, bytes]) -> bytes:
    return places.get(slot["ombuds"], NOWHERE) if "i" in slot["modes"] else NOWHERE
