"""The mail server of the daily reminder: asked only when the reminder is on, and told nothing."""

import socket
import time
from pathlib import Path

import pytest

from portal.digest_settings import DigestSettings, Security
from portal.doctor import mail
from portal.doctor.machine import Machine
from tests.cast import World, free_port
from tests.doctor.healthy import found_in
from tests.post_office import OLA, make_certificate, post_office, switch_on


def findings(port: int, security: Security = Security.none, patience: float = 5.0) -> list[str]:
    settings = DigestSettings(to=(OLA,), port=port, security=security)
    return [each.what for each in mail.findings(settings, patience=patience)]


def test_a_server_that_answers_is_well_and_gets_no_mail(healthy: World, on: Machine) -> None:
    with post_office() as post:
        switch_on(healthy, post.port, OLA)

        assert found_in(healthy, on) == []
        assert (post.calls, post.mails) == (1, [])


def test_a_server_that_is_not_there_is_found(healthy: World, on: Machine) -> None:
    port = free_port()
    switch_on(healthy, port, OLA)

    (found,) = found_in(healthy, on)
    assert found.startswith(f"The mail server localhost, port {port}, does not answer as it should")
    assert OLA not in found


def test_without_the_reminder_nobody_is_asked(healthy: World, on: Machine) -> None:
    with post_office() as post:
        switch_on(healthy, post.port)

        assert found_in(healthy, on) == []
        assert post.calls == 0


def test_a_server_that_says_nothing_is_given_up_soon() -> None:
    with socket.create_server(("127.0.0.1", 0)) as dumb:
        begun = time.monotonic()
        (found,) = findings(dumb.getsockname()[1], patience=0.3)

    assert "(SMTPServerDisconnected)" in found
    assert time.monotonic() - begun < 3


def test_a_server_that_offers_no_encryption_is_found() -> None:
    with post_office() as post:
        (found,) = findings(post.port, Security.starttls)

    assert "(SMTPNotSupportedError)" in found


def test_a_certificate_that_nobody_vouches_for_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = make_certificate(tmp_path)
    with post_office(tls_context=certificate.context) as post:
        (found,) = findings(post.port, Security.starttls)
        assert "(SSLCertVerificationError)" in found

        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.trusted))
        assert findings(post.port, Security.starttls) == []
