"""Where there is a token, nothing of the index is told without it."""

import pytest
from starlette.types import ASGIApp

from src.errors import ExpectedError
from src.web.app import create_app
from src.web.guesses import AT_ONCE, SECONDS_EACH, Guesses
from src.web.settings import Settings
from src.web.tokens import check_token
from tests.asgi import ask

TOKEN = "correct-horse-battery-staple"
RIGHT = {"Authorization": f"Bearer {TOKEN}"}
# Behind the gate there is nothing at this address.
PATH = "/api/nothing"


@pytest.fixture
def app() -> ASGIApp:
    return create_app(Settings("index1.csv", token=TOKEN))


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", f"Basic {TOKEN}", TOKEN])
def test_a_request_without_a_token_is_asked_for_it(app: ASGIApp, authorization: str) -> None:
    for path in (PATH, "/api", "/api/", "/api/search", "/%61pi/search", "/api/metrics", "/api/health/"):
        response = ask(app, path, headers={"Authorization": authorization})
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"


def test_the_token_lets_in(app: ASGIApp) -> None:
    assert ask(app, PATH, headers=RIGHT).status_code == 404
    assert ask(app, PATH, headers={"Authorization": f"bearer {TOKEN}"}).status_code == 404


@pytest.mark.parametrize("wrong", [TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "é" * 20, "x"])
def test_a_wrong_token_does_not(app: ASGIApp, wrong: str) -> None:
    response = ask(app, PATH, headers={"Authorization": f"Bearer {wrong}".encode("latin-1")})
    assert response.status_code == 401
    assert "invalid_token" in response.headers["WWW-Authenticate"]


def test_what_is_not_of_the_index_is_open(app: ASGIApp) -> None:
    assert ask(app, "/openapi.json").status_code == 200
    assert ask(app, "/api/health").status_code != 401


def test_a_page_gets_a_cookie_for_the_token(app: ASGIApp) -> None:
    assert ask(app, "/api/session", "POST").status_code == 401
    begun = ask(app, "/api/session", "POST", headers=RIGHT)
    assert begun.status_code == 204
    said = begun.headers["Set-Cookie"]
    assert "HttpOnly" in said and "SameSite=strict" in said and "Secure" not in said and TOKEN not in said
    cookie = said.partition(";")[0]
    assert ask(app, PATH, headers={"Cookie": cookie}).status_code == 404
    later = create_app(Settings("index1.csv", token=TOKEN))
    assert ask(later, PATH, headers={"Cookie": cookie}).status_code == 404
    another = create_app(Settings("index1.csv", token=TOKEN + "2"))
    assert ask(another, PATH, headers={"Cookie": cookie}).status_code == 401
    name, _, value = cookie.partition("=")
    until, _, signature = value.partition(".")
    for forged in ("", ".", "9.", f"{int(until) + 9}.{signature}", f"{until}.{signature[:-1]}", f"x.{signature}"):
        assert ask(app, PATH, headers={"Cookie": f"{name}={forged}"}).status_code == 401


def test_the_cookie_goes_only_by_https_where_the_page_came_so(app: ASGIApp) -> None:
    begun = ask(app, "/api/session", "POST", headers={**RIGHT, "Origin": "https://127.0.0.1:8000"})
    assert "Secure" in begun.headers["Set-Cookie"]


def test_a_session_ends(app: ASGIApp) -> None:
    ended = ask(app, "/api/session", "DELETE")
    assert ended.status_code == 204
    assert "Max-Age=0" in ended.headers["Set-Cookie"]


def test_who_guesses_is_told_to_wait_and_who_has_the_token_or_a_session_is_not(app: ASGIApp) -> None:
    cookie = ask(app, "/api/session", "POST", headers=RIGHT).headers["Set-Cookie"].partition(";")[0]
    for path in (PATH, "/api/session"):
        wrong = {"Authorization": "Bearer wrong"}
        statuses = [ask(app, path, "POST", headers=wrong).status_code for _ in range(AT_ONCE)]
    assert statuses == [429] * AT_ONCE
    refused = ask(app, PATH, headers=wrong)
    assert 0 < int(refused.headers["Retry-After"]) <= SECONDS_EACH
    for right in (RIGHT, {"Cookie": cookie}):
        assert ask(app, PATH, headers=right).status_code == 404


def test_guesses_come_free_again_one_by_one() -> None:
    now = 100.0
    guesses = Guesses(lambda: now)
    for _ in range(AT_ONCE):
        assert guesses.wait("10.0.0.1") == 0
        guesses.count("10.0.0.1")
    assert guesses.wait("10.0.0.1") == SECONDS_EACH
    assert guesses.wait("10.0.0.2") == 0
    now += SECONDS_EACH
    assert guesses.wait("10.0.0.1") == 0
    guesses.count("10.0.0.1")
    assert guesses.wait("10.0.0.1") == SECONDS_EACH


def test_addresses_of_one_network_of_ipv6_count_as_one() -> None:
    guesses = Guesses(lambda: 0.0)
    for number in range(AT_ONCE):
        guesses.count(f"2001:db8::{number:x}")
    assert guesses.wait("2001:db8::ffff:1") > 0
    assert guesses.wait("2001:db8:0:1::1") == 0


@pytest.mark.parametrize("token", ["", "short", "with space in the middle", "ümlaute-ümlaute-ümlaute"])
def test_a_token_that_is_none_is_refused_at_the_start(token: str) -> None:
    with pytest.raises(ExpectedError, match="the token"):
        check_token(token)
