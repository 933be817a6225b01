"""Headers that keep a browser safe are on every response."""

import pytest

from src.web.app import create_app
from src.web.settings import Settings
from tests.asgi import ask


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/openapi.json", 200),
        ("/no/such/address", 404),
        ("/api/search", 422),
        # The index is opened when the app starts, and this one has not been.
        ("/api/search?id=a", 500),
    ],
)
def test_each_response_says_what_a_browser_may_do_with_it(path: str, status: int) -> None:
    response = ask(create_app(Settings("index1.csv")), path)
    assert response.status_code == status
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response.headers["Referrer-Policy"] == "same-origin"
