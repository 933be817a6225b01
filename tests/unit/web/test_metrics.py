"""What is counted, and that strangers cannot make it grow."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from src.web.app import create_app
from src.web.middleware import GuardedApplication
from src.web.settings import Settings
from tests.asgi import ask


@pytest.fixture
def app() -> GuardedApplication:
    app = create_app(Settings("index1.csv"))
    assert isinstance(app, GuardedApplication)
    return app


def _requests(app: GuardedApplication) -> dict[tuple[str, str, str], float]:
    text = ask(app, "/api/metrics").text
    return {
        (sample.labels["method"], sample.labels["route"], sample.labels["status"]): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "image_similarity_requests_total"
    }


def test_requests_are_counted_by_what_they_ask_for_and_how_they_end(app: GuardedApplication) -> None:
    ask(app, "/api/search")
    ask(app, "/api/search", "POST", headers={"Host": "evil.example"})
    # The index is opened when the app starts, and this one has not been.
    ask(app, "/api/search?id=a")
    assert _requests(app) == {
        ("GET", "/api/search", "422"): 1,
        ("POST", "none", "421"): 1,
        ("GET", "/api/search", "500"): 1,
    }


def test_addresses_and_methods_that_nobody_knows_are_counted_as_one(app: GuardedApplication) -> None:
    for number in range(5):
        ask(app, f"/nothing/{number}", f"METHOD{number}")
        ask(app, f"/static/{number}")
        ask(app, f"/api/images/{number}/thumbnail?size=64")
    assert sorted(_requests(app).values()) == [5, 5, 5]
