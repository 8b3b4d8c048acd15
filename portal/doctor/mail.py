"""Whether the mail server of the daily reminder answers; nothing is sent to it."""

from collections.abc import Iterator

from portal import digest
from portal.config import SETTINGS_FILE
from portal.digest_settings import DigestSettings
from portal.doctor.finding import Finding

_PATIENCE = 5.0


def findings(settings: DigestSettings, *, patience: float = _PATIENCE) -> Iterator[Finding]:
    """Greets the server as the digest would, if it is switched on, and hangs up."""
    if not settings.to:
        return
    try:
        with digest.calling(settings, patience):
            return
    except OSError as error:
        why = type(error).__name__
    yield Finding(
        f"The mail server {settings.host}, port {settings.port}, does not answer as it should ({why}): no ombuds gets "
        "the daily mail.",
        f"Look at digest.smtp and digest.security in {SETTINGS_FILE}, and whether that server runs and has a "
        "certificate of its name. Tell the ombuds to look by themselves; to do without the mail, empty digest.to.",
    )
