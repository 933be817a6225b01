"""The service answers under its own names only."""

import pytest

from src.web.app import create_app
from src.web.settings import Settings
from tests.asgi import ask


def _status(host: str, *, listening: str = "127.0.0.1", allowed: tuple[str, ...] = ()) -> int:
    app = create_app(Settings("index1.csv", host=listening, allowed_hosts=allowed))
    return ask(app, "/openapi.json", headers={"Host": host}).status_code


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:80", "[::1]:8000", "[::1]", "localhost:"])
def test_it_is_known_as_this_machine(host: str) -> None:
    assert _status(host) == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:127", "10.0.0.1", "[::2]", "evil*", "*", "127.1"]
)
def test_it_is_not_known_by_names_of_others(host: str) -> None:
    assert _status(host) == 421


@pytest.mark.parametrize("host", ["", "evil.example@localhost", "localhost/", "a b", "[::1", "::1", "a:b"])
def test_a_host_that_is_none_is_refused(host: str) -> None:
    assert _status(host) == 400


def test_two_hosts_are_refused() -> None:
    response = ask(create_app(Settings("a")), "/openapi.json", headers=[("Host", "localhost"), ("Host", "localhost")])
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"


def test_names_can_be_allowed() -> None:
    assert _status("Photos.example.org", allowed=("photos.Example.org",)) == 200
    assert _status("www.photos.example.org", allowed=("photos.example.org",)) == 421
    assert _status("www.photos.example.org", allowed=("*.example.org",)) == 200
    assert _status("example.org", allowed=("*.example.org",)) == 421
    assert _status("evilexample.org", allowed=("*.example.org",)) == 421
    assert _status("anything", allowed=("*",)) == 200


def test_where_it_listens_is_known() -> None:
    assert _status("192.168.1.5:8000", listening="192.168.1.5") == 200
    assert _status("192.168.1.6:8000", listening="192.168.1.5") == 421


@pytest.mark.parametrize("listening", ["0.0.0.0", "::"])
def test_what_listens_at_all_addresses_is_known_by_each_of_them(listening: str) -> None:
    assert _status("192.168.1.5:8000", listening=listening) == 200
    assert _status("[fe80::1]", listening=listening) == 200
    assert _status("evil.example", listening=listening) == 421
