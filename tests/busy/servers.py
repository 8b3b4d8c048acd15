"""Servers on loopback that answer as no calendar should, and one that does."""

import os
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from socket import create_server, socket

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

Answering = Callable[[socket], None]


@dataclass
class Place:
    """Where a server listens, and what it was asked."""

    port: int
    asked: list[bytes] = field(default_factory=list)

    @property
    def allowed(self) -> tuple[str, ...]:
        return (f"127.0.0.1:{self.port}",)

    def url(self, scheme: str = "http") -> str:
        return f"{scheme}://127.0.0.1:{self.port}/private-4711/basic.ics"


@contextmanager
def serving(answering: Answering, trust: ssl.SSLContext | None = None) -> Iterator[Place]:
    """A server that reads a request's head and then does as told with the line."""
    listening = create_server(("127.0.0.1", 0))
    place, is_over = Place(listening.getsockname()[1]), threading.Event()

    def serve() -> None:
        while not is_over.is_set():
            try:
                line, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=attend, args=(line,), daemon=True).start()

    def attend(line: socket) -> None:
        try:
            if trust:
                line = trust.wrap_socket(line, server_side=True)
            head = b""
            while b"\r\n\r\n" not in head and (came := line.recv(4096)):
                head += came
            if head:
                place.asked.append(head)
                answering(line)
        except OSError:
            pass  # the portal hung up, which is what many of these tests are about
        finally:
            line.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield place
    finally:
        is_over.set()
        with create_client(place.port):
            pass
        thread.join(5)
        listening.close()


def create_client(port: int) -> socket:
    line = socket()
    line.connect(("127.0.0.1", port))
    return line


def saying(status: str, body: bytes = b"", *headers: str) -> Answering:
    head = "\r\n".join((f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""))
    return lambda line: line.sendall(head.encode() + body)


def raw(*parts: bytes) -> Answering:
    return lambda line: [line.sendall(part) for part in parts] and None


def dripping(head: bytes, drop: bytes, pause: float = 0.05) -> Answering:
    """A byte now and then, without end."""

    def answering(line: socket) -> None:
        line.sendall(head)
        waiting = threading.Event()
        while not waiting.wait(pause):
            line.sendall(drop)

    return answering


def pouring(head: bytes, drop: bytes) -> Answering:
    """As much as the line takes, without end."""

    def answering(line: socket) -> None:
        line.sendall(head)
        while True:
            line.sendall(drop)

    return answering


def silent(line: socket) -> None:
    line.recv(1)


def make_trust(folder: Path, name: str = "127.0.0.1", days: int = 1) -> tuple[ssl.SSLContext, Path]:
    """A server's certificate, signed by itself, and the file in which somebody may trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "calendar")])
    now = datetime.now(UTC)
    known = x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([known]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    path, secret = folder / "certificate.pem", folder / "key.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    pem = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(*pem))
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.load_cert_chain(path, secret)
    return trust, path


@contextmanager
def environment(**values: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    yield
    os.environ.clear()
    os.environ.update(before)
