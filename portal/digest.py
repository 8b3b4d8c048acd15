"""The daily mail that asks an ombuds to open the desk: the same bytes at the same hour, whoever came or did not."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from email.utils import format_datetime
from threading import Thread
from zoneinfo import ZoneInfo

from portal import log
from portal.digest_settings import DigestSettings, Security, is_address

#: Seconds in which a mail server must answer each thing that it is told.
PATIENCE = 20.0
#: No mail leaves later than this after its hour, so that none tells when the server was started or a network came back.
WINDOW = timedelta(hours=1)
#: A server that refuses or is not there is tried again so long after, and so often in all.
PAUSE = timedelta(minutes=10)
TRIES = 4
#: RFC 5321, 4.5.5: a mail that wants no answer, also not one of a machine, names nobody to send it to.
_NOBODY = ""
#: It says why it comes, and it holds no link: an ombuds who is used to one would follow a forged one to a false desk.
_TEXT = (
    "Please open your desk.",
    "",
    "This mail comes every day and is always the same, whether or not there is",
    "something new. It never holds a link: use your own bookmark.",
)
_DAY = timedelta(days=1)


@dataclass
class _Round:
    """One day's mail: when it was due, who still waits for it, and how often it may still be tried."""

    due: datetime
    waiting: list[str]
    tries: int
    next_at: datetime
    thread: Thread | None = None

    def may_try(self, now: datetime) -> bool:
        is_busy = self.thread is not None and self.thread.is_alive()
        return bool(self.waiting and self.tries and now >= self.next_at and not is_busy)


class Digest:
    """Sends the day's mail once. It is given settings and no store, so it cannot know whether somebody came.

    What was sent is kept in memory only: on a disk it would be one more thing with a time.
    """

    def __init__(self, settings: DigestSettings, zone: ZoneInfo) -> None:
        self._settings, self._zone = settings, zone
        self._round: _Round | None = None

    def send_if_due(self, now: datetime) -> None:
        """In a thread of its own: a mail server that dawdles keeps neither the pulse nor a visitor waiting."""
        due = find_due(now, self._settings.at, self._zone)
        if due is None or not self._settings.to:
            return
        if self._round is None or self._round.due != due:
            self._round = _Round(due, list(self._settings.to), TRIES, due)
        today = self._round
        if today.may_try(now):
            today.tries, today.next_at = today.tries - 1, now + PAUSE
            today.thread = Thread(target=self._send, args=(today,), name="digest", daemon=True)
            today.thread.start()

    def _send(self, today: _Round) -> None:
        try:
            with _signed_in(self._settings) as line:
                for address in tuple(today.waiting):
                    self._send_one(line, today, address)
        except Exception as error:  # noqa: BLE001 - whatever it is, a trace of the thread would quote an address
            log.note(error)

    def _send_one(self, line: smtplib.SMTP, today: _Round, address: str) -> None:
        mail = self.mail(address, today.due.astimezone(self._zone))
        try:
            line.sendmail(_NOBODY, [address], mail)
            today.waiting.remove(address)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as error:
            log.note(error)  # and on to the next: one wrong address keeps nobody else's mail back

    def mail(self, address: str, due: datetime) -> bytes:
        """All of it, in ASCII: made of the settings, the address and the day (`due`, in the office's zone) alone.

        The number (Message-ID) is the day's, so that a mail sent twice is known as one; without a number some
        servers refuse it, and others put their own.
        """
        host = self._settings.site_host
        # A server that asks for a name takes mail from that name only.
        sender = self._settings.user if is_address(self._settings.user) else f"no-reply@{host}"
        lines = (
            f"From: Appointments <{sender}>",
            f"To: {address}",
            "Subject: Appointments",
            f"Date: {format_datetime(due)}",
            f"Message-ID: <{due:%Y%m%d}.appointments@{host}>",
            "Auto-Submitted: auto-generated",  # RFC 3834: or holiday notes come back
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=us-ascii",
            "Content-Transfer-Encoding: 7bit",
            "",
            *_TEXT,
            "",
        )
        return "\r\n".join(lines).encode("ascii")


def find_due(now: datetime, at: time, zone: ZoneInfo) -> datetime | None:
    """The moment `at`, in UTC, of which `now` is in the hour; None in all other hours."""
    today = now.astimezone(zone).date()
    for day in (today, today - _DAY):
        # Through UTC, where an hour that a clock change leaves out or repeats is one moment like any other.
        due = datetime.combine(day, at, zone).astimezone(UTC)
        if due <= now < due + WINDOW:
            return due
    return None


@contextmanager
def calling(settings: DigestSettings, patience: float) -> Iterator[smtplib.SMTP]:
    """A line to the mail server after the greetings, which name the site and not this machine.

    Raises:
        OSError: when nobody answers within `patience` seconds, or not as a mail server with a right certificate.
    """
    # smtplib's own default for TLS checks no certificate.
    trust = ssl.create_default_context()
    place, name = (settings.host, settings.port), settings.site_host
    with (
        smtplib.SMTP_SSL(*place, name, timeout=patience, context=trust)
        if settings.security is Security.tls
        else smtplib.SMTP(*place, name, timeout=patience)
    ) as line:
        line.ehlo_or_helo_if_needed()
        if settings.security is Security.starttls:
            line.starttls(context=trust)
            line.ehlo_or_helo_if_needed()
        yield line


@contextmanager
def _signed_in(settings: DigestSettings) -> Iterator[smtplib.SMTP]:
    with calling(settings, PATIENCE) as line:
        if settings.user:
            line.login(settings.user, settings.password)
        yield line
