"""Pages of others may link to the service, and may ask it only where they are allowed by name."""

import httpx
import pytest

from src.web.app import create_app
from src.web.settings import Settings
from tests.asgi import ADDRESS, ask

FRIEND = "https://friend.example"


def _ask(method: str = "POST", path: str = "/openapi.json", **headers: str) -> httpx.Response:
    app = create_app(Settings("index1.csv", allowed_origins=(FRIEND,)))
    return ask(app, path, method, headers={name.replace("_", "-"): value for name, value in headers.items()})


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


def test_an_allowed_page_may_show_pictures_and_no_other_page_may() -> None:
    shown = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "image"}
    for referer in (f"{FRIEND}/", f"{FRIEND}/shop?a=b"):
        # Behind the gate there is no index, and so an error.
        response = _ask("GET", "/api/images/a.jpg/thumbnail", Referer=referer, **shown)
        assert response.status_code == 500
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert _ask("POST", Referer=referer, **shown).status_code == 403
        assert _ask("GET", Referer=referer, **{**shown, "Sec_Fetch_Dest": "script"}).status_code == 403
    for referer in ("", "https://evil.example/", f"https://evil.example/{FRIEND}/", f"{FRIEND}.evil.example/", "x"):
        assert _ask("GET", "/api/images/a.jpg/thumbnail", Referer=referer, **shown).status_code == 403
    assert _ask("GET").headers["Cross-Origin-Resource-Policy"] == "same-origin"
