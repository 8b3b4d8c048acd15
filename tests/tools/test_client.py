"""The bench's client gets on with the server that it measures, and notices an answer that is none."""

import pytest

from tests.cast import Server
from tools.bench.load import Client, answer, requests_a_second


def test_one_client_asks_the_portal_twice(server: Server) -> None:
    client = Client(server.url)
    request = client.request("/times")
    assert all(b"</html>" in client.ask(request) for _ in range(2))
    with client.call() as line:
        answer(line, request)
        with pytest.raises(AssertionError, match="closed the connection"):  # planted: a line that is used again
            answer(line, request)


def test_every_request_of_a_rate_is_answered_or_the_rate_is_none(server: Server) -> None:
    assert requests_a_second(f"{server.url}/times", 8) > 0
    with pytest.raises(AssertionError, match="404"):
        requests_a_second(f"{server.url}/nowhere", 8)
