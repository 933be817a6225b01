"""How many connections there may be, and how those that get stuck come to an end."""

import resource
import socket
import sys

import pytest

from src.web.connections import MOST_CONNECTIONS, limit_connections, most_connections


@pytest.mark.parametrize(
    ("soft", "hard", "raised", "connections"),
    [
        (256, 1 << 20, MOST_CONNECTIONS + 278, MOST_CONNECTIONS),
        (1 << 20, 1 << 20, 1 << 20, MOST_CONNECTIONS),
        (256, 1024, 1024, 746),
        (128, 256, 256, 64),
        (256, resource.RLIM_INFINITY, MOST_CONNECTIONS + 278, MOST_CONNECTIONS),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, resource.RLIM_INFINITY, MOST_CONNECTIONS),
    ],
)
def test_files_that_may_be_opened_bound_the_connections(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, raised: int, connections: int
) -> None:
    limits = (soft, hard)

    def set_limits(_: int, new: tuple[int, int]) -> None:
        nonlocal limits
        limits = new

    monkeypatch.setattr(resource, "getrlimit", lambda _: limits)
    monkeypatch.setattr(resource, "setrlimit", set_limits)
    assert most_connections() == connections
    assert limits == (raised, hard)


@pytest.mark.skipif(sys.platform != "linux", reason="the system has no such clock")
def test_a_connection_inherits_the_limits_of_the_socket_that_listens() -> None:
    with socket.socket() as listening:
        limit_connections(listening, 1.5)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 1500
            assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) <= 1 << 17
