"""Looking up and writing boxes of counts, in place and of one length."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.reporting.tables import Quarter, Waiting


def find_waiting(keys: Session, ombuds: bytes) -> bytes | None:
    return keys.scalar(select(Waiting.box).where(Waiting.ombuds == ombuds))


def put_waiting(keys: Session, ombuds: bytes, box: bytes) -> None:
    keys.merge(Waiting(ombuds=ombuds, box=box))
    keys.flush()


def find_quarter(desk: Session, quarter: str) -> bytes | None:
    return desk.scalar(select(Quarter.box).where(Quarter.quarter == quarter))


def put_quarter(desk: Session, quarter: str, box: bytes) -> None:
    desk.merge(Quarter(quarter=quarter, box=box))
    desk.flush()


def quarters(desk: Session) -> list[str]:
    return list(desk.scalars(select(Quarter.quarter).order_by(Quarter.quarter)))
