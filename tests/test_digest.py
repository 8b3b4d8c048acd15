"""The daily mail, brought to a real mail server; the clock is stepped by hand, days in a moment."""

import logging
import socket
import time as waiting
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from portal import clock
from portal.digest import PAUSE, TRIES, Digest, find_due
from portal.digest_settings import DigestSettings, Security
from portal.pulse import Pulse
from portal.volatile import Volatile
from tests.cast import World, free_port
from tests.post_office import (
    NULL_SENDER,
    OLA,
    OTTO,
    Certificate,
    PostOffice,
    make_certificate,
    post_office,
    switch_on,
    wait_for_the_post,
)
from tests.promises.restless import serve_restless

HALF_PAST = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LISBON, BERLIN, AUCKLAND = ZoneInfo("Europe/Lisbon"), ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")


@pytest.fixture
def post() -> Iterator[PostOffice]:
    with post_office() as office:
        yield office


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return make_certificate(tmp_path)


def to_ola(port: int, **changes: object) -> Digest:
    settings = {"to": (OLA,), "port": port, "site_host": "times.example.org"} | changes
    return Digest(DigestSettings(**settings), ZoneInfo("UTC"))  # type: ignore[arg-type]


def look(digest: Digest, *moments: datetime) -> None:
    for now in moments:
        digest.send_if_due(now)
        wait_for_the_post()


def noted(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Our own log lines; the mail server in the same process writes others."""
    return [record.getMessage() for record in caplog.records if record.name == "portal"]


def kinds(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [line.split()[0] for line in noted(caplog)]


def every(step: timedelta, first: datetime, last: datetime) -> Iterator[datetime]:
    while first < last:
        yield first
        first += step


def test_one_mail_a_day_to_each_address_in_the_hour_after_half_past_seven(world: World, post: PostOffice) -> None:
    """The pulse beats by hand, every twenty minutes of three days; the clock is stepped."""
    switch_on(world, post.port, OLA, OTTO)
    midnight = clock.now().replace(hour=0, minute=0, second=0) + DAY
    pulse, came = Pulse(world.stores, Volatile(), world.settings, midnight), list[tuple[datetime, tuple[str, ...]]]()
    for now in every(20 * MINUTE, midnight, midnight + 3 * DAY):
        pulse.beat(now)
        wait_for_the_post()
        came += [(now, mail.to) for mail in post.mails[len(came) :]]

    first = midnight + timedelta(hours=7, minutes=40)
    assert came == [(first + day * DAY, (to,)) for day in range(3) for to in (OLA, OTTO)]
    assert [mail.header("To") for mail in post.mails[:2]] == [OLA, OTTO], "nobody sees who else gets one"


def test_an_office_that_did_not_ask_for_it_sends_nothing(world: World, post: PostOffice) -> None:
    """The clock is stepped through a day."""
    switch_on(world, post.port)
    now = clock.now()
    pulse = Pulse(world.stores, Volatile(), world.settings, now)
    for moment in every(20 * MINUTE, now, now + DAY):
        pulse.beat(moment)
        wait_for_the_post()

    assert (post.calls, post.mails) == (0, [])


def test_a_mail_is_all_that_it_should_be_and_nothing_else(post: PostOffice) -> None:
    look(to_ola(post.port), HALF_PAST + 17 * MINUTE)

    (mail,) = post.mails
    assert (mail.sender, mail.to, mail.caller) == (NULL_SENDER, (OLA,), "times.example.org")
    assert mail.content.decode("ascii").split("\r\n") == [
        "From: Appointments <no-reply@times.example.org>",
        "To: ola@example.org",
        "Subject: Appointments",
        "Date: Mon, 23 Nov 2026 07:30:00 +0000",
        "Message-ID: <20261123.appointments@times.example.org>",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=us-ascii",
        "Content-Transfer-Encoding: 7bit",
        "",
        "Please open your desk.",
        "",
        "This mail comes every day and is always the same, whether or not there is",
        "something new. It never holds a link: use your own bookmark.",
        "",
    ]


def test_a_server_down_is_tried_three_times_more_and_given_up_without_naming_anybody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    port = free_port()
    digest = to_ola(port)
    with caplog.at_level(logging.INFO):
        look(digest, *every(MINUTE, HALF_PAST, HALF_PAST + 6 * HOUR))

    assert kinds(caplog) == ["ConnectionRefusedError"] * TRIES
    assert "@" not in caplog.text
    assert str(port) not in caplog.text
    with post_office(port) as post:
        look(digest, HALF_PAST + 7 * HOUR, HALF_PAST + DAY - MINUTE)
        assert post.mails == [], "nothing comes late"
        look(digest, HALF_PAST + DAY)
        assert len(post.mails) == 1


def test_a_server_that_comes_up_meanwhile_gets_one_mail_at_the_next_try() -> None:
    port = free_port()
    digest = to_ola(port)
    look(digest, HALF_PAST)
    with post_office(port) as post:
        look(digest, HALF_PAST + MINUTE)
        assert post.calls == 0, "it is left in peace for a while"
        look(digest, *every(MINUTE, HALF_PAST + PAUSE, HALF_PAST + HOUR))

        (mail,) = post.mails
        assert mail.header("Date") == "Mon, 23 Nov 2026 07:30:00 +0000", "and the mail does not tell"


def test_one_address_that_is_refused_keeps_no_other_back(post: PostOffice, caplog: pytest.LogCaptureFixture) -> None:
    post.refused = {OLA}
    digest = to_ola(post.port, to=(OLA, OTTO))
    with caplog.at_level(logging.INFO):
        look(digest, HALF_PAST)
    assert [mail.to for mail in post.mails] == [(OTTO,)]
    assert kinds(caplog) == ["SMTPRecipientsRefused"]
    assert "example.org" not in "".join(noted(caplog))

    post.refused = set()
    look(digest, HALF_PAST + PAUSE, HALF_PAST + 2 * PAUSE)
    assert [mail.to for mail in post.mails] == [(OTTO,), (OLA,)], "and nobody gets it twice"


def test_a_server_that_never_says_a_word_holds_up_no_beat(world: World) -> None:
    """The clock is stepped; the time that the beats take is real."""
    with socket.create_server(("127.0.0.1", 0)) as dumb:
        switch_on(world, dumb.getsockname()[1], OLA)
        midnight = clock.now().replace(hour=0, minute=0, second=0) + DAY
        pulse = Pulse(world.stores, Volatile(), world.settings, midnight)
        pulse.beat(midnight)
        begun = waiting.monotonic()
        for now in every(5 * MINUTE, midnight + 7 * HOUR, midnight + 9 * HOUR):
            pulse.beat(now)
        assert waiting.monotonic() - begun < 5

        caller, _ = dumb.accept()
        caller.close()
        dumb.setblocking(False)  # noqa: FBT003 - the socket's own
        with pytest.raises(BlockingIOError):
            dumb.accept()
    wait_for_the_post()


def test_the_server_itself_sends_it_while_it_runs(world: World, post: PostOffice) -> None:
    """A real server on a real clock; much noise, so that its pulse beats at once."""
    switch_on(world, post.port, OLA, at=f'"{clock.now():%H:%M}"')
    server = serve_restless(world, 400_000)
    try:
        until = waiting.monotonic() + 30
        while not post.mails and waiting.monotonic() < until:
            waiting.sleep(0.05)
        waiting.sleep(0.5)
    finally:
        server.kill()
    assert [(mail.sender, mail.to) for mail in post.mails] == [(NULL_SENDER, (OLA,))]
    assert "@" not in server.log.read_text()


@pytest.mark.parametrize("security", [Security.starttls, Security.tls])
def test_a_certificate_that_nobody_vouches_for_gets_neither_mail_nor_password(
    security: Security, certificate: Certificate, caplog: pytest.LogCaptureFixture
) -> None:
    with encrypted(security, certificate) as post, caplog.at_level(logging.INFO):
        look(to_ola(post.port, security=security, user="portal", password="six words"), HALF_PAST)

        assert (post.mails, post.passwords) == ([], [])
        assert kinds(caplog) == ["SSLCertVerificationError"]


@pytest.mark.parametrize("security", [Security.starttls, Security.tls])
def test_a_certificate_of_another_name_is_refused(
    security: Security, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_certificate(tmp_path, "mail.example.org")
    monkeypatch.setenv("SSL_CERT_FILE", str(other.trusted))
    with encrypted(security, other) as post:
        look(to_ola(post.port, security=security), HALF_PAST)
        assert post.mails == []


@pytest.mark.parametrize("security", [Security.starttls, Security.tls])
def test_a_right_certificate_and_a_right_password_bring_the_mail(
    security: Security, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.trusted))
    with encrypted(security, certificate) as post:
        look(to_ola(post.port, security=security, user="portal", password="six words"), HALF_PAST)

        (mail,) = post.mails
        assert mail.is_encrypted
        assert mail.is_signed_in
        assert mail.sender == NULL_SENDER


def test_a_server_that_offers_no_encryption_is_told_nothing(post: PostOffice) -> None:
    look(to_ola(post.port, security=Security.starttls, user="portal", password="six words"), HALF_PAST)

    assert (post.mails, post.passwords) == ([], [])


def test_a_wrong_password_is_noted_by_its_kind_alone(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.trusted))
    with encrypted(Security.tls, certificate) as post, caplog.at_level(logging.INFO):
        look(to_ola(post.port, security=Security.tls, user="portal", password="five words"), HALF_PAST)

        assert post.mails == []
        assert kinds(caplog) == ["SMTPAuthenticationError"]
        assert "words" not in "".join(noted(caplog))


def test_a_user_who_is_an_address_is_the_author() -> None:
    mail = to_ola(25, user="appointments@example.org").mail(OLA, HALF_PAST)

    assert mail.startswith(b"From: Appointments <appointments@example.org>\r\n")


def encrypted(security: Security, certificate: Certificate) -> AbstractContextManager[PostOffice]:
    how = {"ssl_context": certificate.context} if security is Security.tls else {"tls_context": certificate.context}
    return post_office(**how)


@pytest.mark.parametrize(
    ("now", "at", "zone", "due"),
    [
        ("2026-11-23T07:29:59+00:00", "07:30", LISBON, None),
        ("2026-11-23T07:30:00+00:00", "07:30", LISBON, "2026-11-23T07:30:00+00:00"),
        ("2026-11-23T08:29:59+00:00", "07:30", LISBON, "2026-11-23T07:30:00+00:00"),
        ("2026-11-23T08:30:00+00:00", "07:30", LISBON, None),
        ("2026-11-22T18:45:00+00:00", "07:30", AUCKLAND, "2026-11-22T18:30:00+00:00"),
        ("2026-11-23T23:10:00+00:00", "23:45", BERLIN, "2026-11-23T22:45:00+00:00"),
        # Clocks go forward at two: half past two is half past three that day.
        ("2026-03-29T01:40:00+00:00", "02:30", BERLIN, "2026-03-29T01:30:00+00:00"),
        # Clocks go back at three: the first half past two counts, the second does not.
        ("2026-10-25T00:40:00+00:00", "02:30", BERLIN, "2026-10-25T00:30:00+00:00"),
        ("2026-10-25T01:40:00+00:00", "02:30", BERLIN, None),
    ],
)
def test_the_hour_is_the_offices(now: str, at: str, zone: ZoneInfo, due: str | None) -> None:
    found = find_due(datetime.fromisoformat(now), time.fromisoformat(at), zone)

    assert found == (datetime.fromisoformat(due) if due else None)
