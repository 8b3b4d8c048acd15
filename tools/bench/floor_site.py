"""The bare pages that the portal stands beside: one line, and one row of SQLite read through SQLAlchemy.

`python -m tools.bench.floor_site FOLDER` serves them with nothing of the portal loaded, so that memory has a floor:
whoever imports any part of `portal` loads all of it.
"""

import socket
import sys
from pathlib import Path

from flask import Flask, render_template
from gunicorn.app.base import BaseApplication
from jinja2 import DictLoader
from sqlalchemy import Engine, create_engine, insert
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

PAGE = "<!doctype html><title>floor</title><p>{{ value }}</p>"


class Base(DeclarativeBase):
    """As any application with SQLAlchemy begins."""


class OneRow(Base):
    """The one row."""

    __tablename__ = "row"

    id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[str]


def make_site(engine: Engine) -> Flask:
    """A Jinja page at `/`, and at `/row` one that reads the row that is written here, as SQLAlchemy's users do."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        Base.metadata.create_all(connection)
        connection.execute(insert(OneRow).values(id=1, value="one row"))
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"floor.html": PAGE})

    @app.get("/")
    def page() -> str:
        return render_template("floor.html", value="no row")

    @app.get("/row")
    def row() -> str:
        with Session(engine) as session:
            found = session.get(OneRow, 1)
            return render_template("floor.html", value=found.value if found else "")

    return app


def tell_free_port() -> int:
    """On the first line of standard output too, for whoever started this process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    print(port, flush=True)
    return port


class _Site(BaseApplication):  # type: ignore[misc]
    """By gunicorn's usual threads, as many processes and threads as the portal has."""

    def load_config(self) -> None:
        chosen = {"bind": f"127.0.0.1:{tell_free_port()}", "workers": 1, "threads": 8, "worker_class": "gthread"}
        quiet = {"keepalive": 0, "loglevel": "error", "control_socket_disable": True, "timeout": 60}
        for name, value in {**chosen, **quiet}.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return make_site(create_engine(f"sqlite:///{Path(sys.argv[1]) / 'floor.db'}"))


if __name__ == "__main__":
    _Site().run()
