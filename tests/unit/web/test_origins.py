"""Pages of others may link to the service, and may ask it only where they are allowed by name."""

import httpx
import pytest

from src.web.app import create_app
from src.web.settings import Settings
from tests.asgi import ADDRESS, ask

FRIEND = "https://friend.example"


def _ask(method: str = "POST", **headers: str) -> httpx.Response:
    app = create_app(Settings("index1.csv", allowed_origins=(FRIEND,)))
    return ask(app, "/openapi.json", method, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8001"},
        {"Origin": "https://friend.example.evil.example"},
        {"Origin": "http://friend.example"},
        {"Origin": "http://["},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"},
        {"Sec_Fetch_Site": "same-site", "Origin": "http://127.0.0.1:8000"},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "iframe"},
    ],
)
def test_what_a_page_of_others_sends_is_refused(headers: dict[str, str]) -> None:
    for method in ("POST", "GET", "OPTIONS"):
        response = _ask(method, **headers)
        assert response.status_code == 403
        assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": ADDRESS},
        {"Origin": "https://127.0.0.1:8000"},
        {"Sec_Fetch_Site": "same-origin", "Origin": "null"},
        {"Sec_Fetch_Site": "none", "Sec_Fetch_Mode": "navigate"},
    ],
)
def test_its_own_pages_and_programs_may_ask(headers: dict[str, str]) -> None:
    assert _ask("GET", **headers).status_code == 200
    # There is no POST at this address, which is found out only behind the gate.
    assert _ask("POST", **headers).status_code == 405


def test_a_link_on_another_page_may_be_followed_and_a_form_there_not() -> None:
    link = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
    assert _ask("GET", **link).status_code == 200
    assert _ask("POST", **link).status_code == 403


def test_an_allowed_page_may_ask_and_read() -> None:
    response = _ask("GET", Origin=FRIEND, Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="cors")
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == FRIEND
    preflight = _ask(
        "OPTIONS", Origin=FRIEND, Access_Control_Request_Method="POST", Access_Control_Request_Headers="authorization"
    )
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == FRIEND
