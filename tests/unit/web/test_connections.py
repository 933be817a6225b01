"""How many connections there may be, and how those that get stuck come to an end."""

import resource
import socket
import sys
from collections.abc import Iterator

import pytest

from src.web.connections import MOST_CONNECTIONS, end_stuck_connections, most_connections


@pytest.fixture
def limit() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.usefixtures("limit")
def test_files_that_may_be_opened_bound_the_connections() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    assert most_connections() == (MOST_CONNECTIONS if hard == resource.RLIM_INFINITY else _room(hard))
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 256


def _room(files: int) -> int:
    return min(MOST_CONNECTIONS, (files - 100) // 2)


@pytest.mark.skipif(sys.platform != "linux", reason="the system has no such clock")
def test_a_connection_inherits_the_clock_of_the_socket_that_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        end_stuck_connections(1.5)
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 1500
