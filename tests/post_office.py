"""A real mail server on loopback that keeps what it is brought, with a certificate of its own if it shall have one."""

import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.cast import World, free_port

OLA, OTTO = "ola@example.org", "otto@example.org"
#: What the command MAIL FROM names for a mail that nobody may answer.
NULL_SENDER = "<>"
PATIENCE = 30.0


@dataclass(frozen=True)
class Mail:
    """One mail as it arrived: the envelope, how the caller called itself, whether the line was encrypted, the bytes."""

    sender: str | None
    to: tuple[str, ...]
    caller: str | None
    is_encrypted: bool
    is_signed_in: bool
    content: bytes

    @property
    def without_its_day(self) -> bytes:
        """Without the two lines that say the day."""
        return re.sub(rb"(?m)^(Date|Message-ID): .*\r\n", b"", self.content)

    def header(self, name: str) -> str | None:
        found = re.search(rf"(?mi)^{name}: (.*)\r$", self.content.partition(b"\r\n\r\n")[0].decode() + "\r")
        return found[1].strip() if found else None


@dataclass
class PostOffice:
    """What the server was brought, and whom it refuses."""

    port: int
    mails: list[Mail] = field(default_factory=list)
    calls: int = 0
    refused: set[str] = field(default_factory=set)
    passwords: list[bytes] = field(default_factory=list)

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.calls += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802 - the same
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.refused:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        content = envelope.original_content
        assert content is not None
        encrypted = server.transport.get_extra_info("sslcontext") is not None
        to = tuple(envelope.rcpt_tos)
        self.mails.append(Mail(envelope.mail_from, to, session.host_name, encrypted, session.authenticated, content))
        return "250 OK"

    def let_in(self, _server: SMTP, _session: Session, _envelope: Envelope, _kind: str, told: Any) -> AuthResult:  # noqa: ANN401 - aiosmtpd's own
        assert isinstance(told, LoginPassword)
        self.passwords.append(told.password)
        return AuthResult(success=told == LoginPassword(b"portal", b"six words"), handled=False)


@contextmanager
def post_office(port: int = 0, **how: Any) -> Iterator[PostOffice]:  # noqa: ANN401 - aiosmtpd's own
    office = PostOffice(port or free_port())
    # aiosmtpd knows of the encryption that begins with a command, and not of the one from the first byte on.
    rules = {"authenticator": office.let_in, "auth_require_tls": "ssl_context" not in how}
    controller = Controller(office, hostname="127.0.0.1", port=office.port, **rules, **how)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def wait_for_the_post() -> None:
    """A digest is sent in a thread of its own."""
    for thread in threading.enumerate():
        if thread.name == "digest":
            thread.join(PATIENCE)
            assert not thread.is_alive()


def switch_on(world: World, port: int, *to: str, **lines: str) -> World:
    """Settings for a digest at half past seven."""
    path = world.instance / "portal.toml"
    values = {"to": str(list(to)).replace("'", '"'), "smtp": f'"localhost:{port}"'} | lines
    text = path.read_text()
    for name, value in values.items():
        text, count = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
        assert count == 1, name
    path.write_text(text)
    world.refresh()
    return world


@dataclass(frozen=True)
class Certificate:
    """The server's side of TLS, and the file that makes a caller trust it."""

    context: ssl.SSLContext
    trusted: Path


def make_certificate(folder: Path, name: str = "localhost") -> Certificate:
    """For `name`, signed by nobody that anybody knows."""
    maker, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A maker of certificates")])
    made = {"maker": _signed(root, maker, root, maker, None), "server": _signed(_named(name), key, root, maker, name)}
    for kind, certificate in made.items():
        (folder / f"{kind}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "key.pem")
    return Certificate(context, folder / "maker.pem")


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _signed(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    maker: ec.EllipticCurvePrivateKey,
    server: str | None,
) -> x509.Certificate:
    """With what newer Pythons ask of a certificate (RFC 5280, 4.2)."""
    now, own = datetime.now(UTC), x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=server is None, path_length=None), critical=True)
        .add_extension(own, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(maker.public_key()), critical=False)
        .add_extension(_usage(signs=server is None), critical=True)
    )
    if server is not None:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(server)]), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return builder.sign(maker, hashes.SHA256())


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )
