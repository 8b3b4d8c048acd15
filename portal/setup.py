"""Making an office: settings with remarks, secrets, empty stores."""

import os
import secrets
from importlib.resources import files
from pathlib import Path

from portal import migrations
from portal.config import SECRET_NAMES, SECRETS_FILE, SETTINGS_FILE, SMTP_KEY
from portal.errors import NotReady


def make_office(instance: Path, *, name: str, zone: str, address: str) -> None:
    """Write settings and secrets and make the stores.

    Raises:
        NotReady: when the folder holds an office already, or is no folder; nothing was touched.
    """
    if instance.exists() and not instance.is_dir():
        raise NotReady(f"{instance} is no folder. Nothing was changed. Choose another place for the office.")
    if (instance / SETTINGS_FILE).exists() or (instance / SECRETS_FILE).exists():
        raise NotReady(
            f"{instance} holds an office already. Nothing was changed. Choose another folder to make a new one."
        )
    instance.mkdir(parents=True, exist_ok=True)
    instance.chmod(0o700)
    template = files("portal").joinpath("portal.toml.template").read_text("utf-8")
    for mark, value in {"@NAME@": name, "@ZONE@": zone, "@ADDRESS@": address}.items():
        template = template.replace(mark, value.replace("\\", "\\\\").replace('"', '\\"'))
    _write(instance / SETTINGS_FILE, template)
    _write(instance / SECRETS_FILE, _new_secrets())
    migrations.upgrade(instance)


def _new_secrets() -> str:
    lines = [
        "# The server's secrets. Whoever has them and the roster can test who is on it; they open no matter.",
        "# Keep a copy on paper or in the organisation's safe, apart from the backups of the stores.",
        *(f'{name} = "{secrets.token_hex(32)}"' for name in SECRET_NAMES),
        "# Only when digest.user is set in portal.toml: what that user signs in with at the mail server.",
        f'# {SMTP_KEY} = ""',
    ]
    return "\n".join(lines) + "\n"


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
