"""The search page in a real browser: every state of it, and every way in."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.browser import assert_usable, chromium, dropped_file, scrolls_sideways, visiting
from tests.programs import ROOT
from tests.servers import COAT, Server, index_here, serving

ATTACKS = ["<img src=x onerror=alert(1)>.png", '"onerror=alert(1) ".jpg', "<script>alert(2)<∕script>.jpg"]
LONG = "a very long name " * 12 + "at whose end is a number 17.jpg"
NOT_TEXT = os.fsdecode(b"caf\xe9 100% & more?.jpg")
TOKEN = "a-token-of-the-tests"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Coats, jeans and names that attack. Jeans are the same as one picture whose file is gone."""
    folder = tmp_path_factory.mktemp("searchpage")
    (folder / "data").mkdir()
    for path in [*(ROOT / "data").glob("Cropped*"), *(ROOT / "data").glob("Classic*")]:
        shutil.copy(path, folder / "data")
    jeans, *others = sorted((ROOT / "data").glob("Denim_T*"))
    for name, path in zip([*ATTACKS, LONG, NOT_TEXT], others, strict=True):
        shutil.copy(path, folder / "data" / name)
    for name in ("same.jpg", "gone.jpg"):
        shutil.copy(jeans, folder / "data" / name)
    index_here(folder / "data", folder / "index.csv")
    (folder / "data" / "gone.jpg").unlink()
    return folder / "index.csv"


@pytest.fixture(scope="module")
def server(index: Path) -> Iterator[Server]:
    with serving(index.parent, index) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def visit(browser: Browser, address: str, *expected: str, **options: Any) -> AbstractContextManager[Page]:
    """Do as `visiting`; that a file is gone is a complaint of the browser on many pages."""
    return visiting(browser, address, "/gone.jpg/thumbnail", *expected, **options)


def choose(page: Page, picture: Path = COAT) -> None:
    page.locator(".choose-file:visible, .choose-file").first.set_input_files(picture)
    expect(page.locator(".result .similarity").first).to_be_visible()


def see_query(page: Page) -> None:
    wait = "async one => { while (!one.naturalWidth) await new Promise(requestAnimationFrame) }"
    page.locator("#query-picture").evaluate(wait)


def names(page: Page) -> list[str]:
    return [one.get_attribute("title") or "" for one in page.locator(".result:not(.skeleton) .name").all()]


def found_by(server: Server, address: str) -> list[str]:
    return [one["id"] for one in server.client.get(address).json()["answers"][0]["results"]]


def draw(page: Page, *corners: tuple[float, float]) -> None:
    box = page.locator("#frame").bounding_box()
    assert box is not None
    for number, (x, y) in enumerate(corners):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=3)
        if number == 0:
            page.mouse.down()
    page.mouse.up()


def answer_with(page: Page, status: int, detail: str, wait: int = 0, times: int | None = None) -> None:
    def fulfil(route: Route) -> None:
        headers = {"Retry-After": str(wait)} if wait else {}
        route.fulfill(status=status, json={"status": status, "detail": detail}, headers=headers)

    page.route("**/api/search*", fulfil, times=times)


def test_it_begins_with_pictures_of_the_index(server: Server, browser: Browser) -> None:
    with visit(browser, server.address) as page:
        expect(page.locator("#sample-list img").nth(10)).to_be_visible()  # The twelfth may be of the file that is gone.
        expect(page.locator("#index-size")).to_have_text(re.compile(r"^\d+ pictures in index\.csv$"))
        expect(page.locator("#to-duplicates")).to_be_hidden()
        expect(page.locator("#sample-list .skeleton")).to_have_count(0)
        assert_usable(page)
        page.locator("#sample-list a").first.click()
        expect(page.locator("#nearest .similarity")).to_have_count(3)
        expect(page.locator("#query-title")).to_be_focused()


def test_a_chosen_picture_finds_three_and_then_more(server: Server, browser: Browser) -> None:
    with visit(browser, server.address) as page:
        choose(page)
        expect(page.locator("#query-name")).to_have_attribute("title", COAT.name)
        expect(page.locator("#status")).to_contain_text("3 similar pictures. The nearest is Cropped_Trench")
        assert len(names(page)) == 3
        similarity = page.locator(".similarity").first.inner_text()
        width = page.locator(".bar div").first.evaluate("bar => bar.style.width")
        assert similarity == f"{float(width.rstrip('%')):.1f} %"
        first = page.locator(".result").first.element_handle()
        page.locator("#more").click()
        expect(page.locator(".result:not(.skeleton)")).to_have_count(15)
        expect(page.locator("#further a").first).to_be_focused()
        assert first is not None and first.evaluate("one => one.isConnected")  # What was there stays as it is.
        page.locator("#more").click()
        expect(page.locator("#all-shown")).to_have_text("That is all")
        assert_usable(page)


def test_a_dropped_picture_is_searched_by(server: Server, browser: Browser) -> None:
    with visit(browser, server.address) as page:
        files = dropped_file(page, "mine.jpg", COAT.read_bytes(), "image/jpeg")
        page.dispatch_event("#samples", "dragenter", {"dataTransfer": files})
        expect(page.locator("#drop")).to_be_visible()
        page.dispatch_event("#samples", "drop", {"dataTransfer": files})
        expect(page.locator("#drop")).to_be_hidden()
        expect(page.locator("#nearest .similarity")).to_have_count(3)
        expect(page.locator("#query-name")).to_have_text("mine.jpg")
        page.dispatch_event("#results", "drop", {"dataTransfer": page.evaluate_handle("new DataTransfer()")})
        expect(page.locator("#banner")).to_contain_text("no file")


def test_a_pasted_picture_is_searched_by(server: Server, browser: Browser) -> None:
    with visit(browser, server.address) as page:
        files = dropped_file(page, "image.png", COAT.read_bytes(), "image/png")
        page.evaluate(
            "files => document.body.dispatchEvent(new ClipboardEvent('paste', {clipboardData: files, bubbles: true}))",
            files,
        )
        expect(page.locator("#nearest .similarity")).to_have_count(3)
        expect(page.locator("#query-name")).to_have_text("Pasted picture")


def test_a_rectangle_is_drawn_by_mouse_and_taken_away(server: Server, browser: Browser) -> None:
    with visit(browser, server.address) as page:
        choose(page)
        whole = names(page)
        see_query(page)
        draw(page, (0.3, 0.2), (0.75, 0.6))
        expect(page).to_have_url(re.compile(r"upload=.*&crop=0\.3"))
        expect(page.locator("#whole")).to_be_visible()
        with COAT.open("rb") as file:
            crop = page.url.partition("crop=")[2]
            right = server.client.post(f"/api/search?crop={crop}", files={"image": file}).json()
        expect(page.locator("#nearest .distance").first).to_have_text(
            f"distance {right['answers'][0]['results'][0]['distance']:.4f}"
        )
        draw(page, (0.5, 0.4), (0.6, 0.5))  # From within it: it is moved.
        expect(page).to_have_url(re.compile(r"crop=0\.(4|39)"))
        assert_usable(page)
        page.locator("#whole").click()
        expect(page.locator("#part")).to_be_hidden()
        expect.soft(page).not_to_have_url(re.compile("crop"))
        expect(page.locator("#choose-part")).to_be_focused()
        expect(page.locator("#nearest .name").first).to_have_attribute("title", whole[0])


def test_a_rectangle_is_set_by_keyboard(server: Server, browser: Browser) -> None:
    with visit(browser, f"{server.address}/?id=same.jpg") as page:
        see_query(page)
        page.locator("#choose-part").press("Enter")
        expect(page.locator("#part")).to_be_focused()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Shift+ArrowUp")
        expect(page).to_have_url(re.compile("id=same.jpg&crop=0.27,0.25,0.5,0.48$"))
        page.get_by_label("Height").fill("20")
        page.get_by_label("Height").press("Enter")
        expect(page).to_have_url(re.compile("crop=0.27,0.25,0.5,0.2$"))
        page.locator("#part").press("Escape")
        expect(page).to_have_url(re.compile("id=same.jpg$"))


def test_clicks_lead_on_and_back_leads_back(server: Server, browser: Browser) -> None:
    with visit(browser, server.address) as page:
        choose(page)
        upload = names(page)
        page.locator("#nearest a").nth(1).click()
        expect(page).to_have_url(re.compile(r"\?id=Cropped"))
        expect(page.locator("#query-name")).to_have_attribute("title", upload[1])
        expect(page.locator("#results[aria-busy]")).to_have_count(0)
        assert upload[1] not in names(page)  # A picture does not find itself.
        expect(page).to_have_title(f"{upload[1]} – Image Similarity")
        page.go_back()
        expect(page.locator("#query-name")).to_have_attribute("title", COAT.name)
        expect(page.locator("#nearest .name").first).to_have_attribute("title", upload[0])
        assert page.locator("#query-picture").evaluate("picture => picture.naturalWidth") > 0
        page.go_forward()
        expect(page.locator("#query-name")).to_have_attribute("title", upload[1])
        page.go_back()
        page.reload()
        expect(page.locator("#query-name")).to_have_attribute("title", COAT.name)
        expect(page.locator("#nearest .name").first).to_have_attribute("title", upload[0])
        page.goto(f"{server.address}/?upload=none-1")
        expect(page.locator("#notice-title")).to_have_text("This picture is not here any more")
        assert_usable(page)
        choose(page)
        expect(page.locator("#notice")).to_be_hidden()


def test_an_address_can_be_shared_and_a_reload_shows_the_same(server: Server, browser: Browser) -> None:
    (jeans, *_) = [one for one in found_by(server, "/api/search?id=same.jpg&limit=30") if one.startswith("Classic")]
    address = f"/?id={quote(jeans)}&crop=0.1,0.1,0.5,0.5"
    with visit(browser, server.address + address) as page:
        expect(page.locator("#nearest .similarity")).to_have_count(3)
        shown = names(page)
        expect(page.locator("#part")).to_be_visible()
        page.reload()
        expect(page.locator("#nearest .similarity")).to_have_count(3)
        assert names(page) == shown


def test_whatever_a_picture_is_called_it_is_shown_and_searched_from(server: Server, browser: Browser) -> None:
    with visit(browser, server.address) as page:
        for name in (*ATTACKS, LONG, NOT_TEXT):
            page.goto(f"{server.address}/?id={quote(os.fsencode(name), safe='')}&max_distance=20")
            expect(page.locator("#nearest .similarity")).to_have_count(3)
            see_query(page)
            assert page.locator("#query-name").text_content() == name
            page.locator("#more").click()
            expect(page.locator(".result:not(.skeleton)")).to_have_count(15)
            shown = names(page)
            assert {*ATTACKS, LONG, NOT_TEXT} <= {name, *shown}
            assert page.locator("img[onerror], body script, img[src=x]").count() == 0
            assert not scrolls_sideways(page)
        other = shown.index(ATTACKS[0])
        page.locator(".result a").nth(other).click()
        expect(page.locator("#query-name")).to_have_attribute("title", ATTACKS[0])


def test_a_picture_explains_why_it_matched(server: Server, browser: Browser) -> None:
    with visit(browser, server.address) as page:
        choose(page)
        why = page.locator(".why").first
        why.click()
        picture = page.locator("#explanation-picture")
        expect(picture).to_have_attribute("src", re.compile("^blob:"))
        picture.evaluate("picture => picture.decode()")
        expect(page.locator("#explanation-text")).to_contain_text(re.compile(r"sum of its regions: \S+ \d+\.\d{4}, "))
        assert_usable(page)
        wide = picture.evaluate("picture => picture.clientWidth")
        picture.click()
        expect(page.locator("#explanation-zoom")).to_have_attribute("aria-pressed", "true")
        assert picture.evaluate("picture => picture.clientWidth") >= 1.5 * wide
        picture.click()
        assert picture.evaluate("picture => picture.clientWidth") == wide
        page.keyboard.press("Escape")
        expect(page.locator("#explanation")).to_be_hidden()
        expect(why).to_be_focused()


def test_the_outline_of_each_result_lies_on_the_query_and_lines_join_what_matches(
    server: Server, browser: Browser
) -> None:
    def outlined(route: Route) -> None:
        sent = {"image": (COAT.name, COAT.read_bytes())}  # which a route is not told
        told = server.client.post(route.request.url, files=sent).json()
        for result in told["answers"][0]["results"][:2]:
            left = 0.5 * (result["rank"] - 1)
            corners = [[left, 0.2], [left + 0.5, 0.2], [left + 0.5, 1.2], [left, 1.2]]
            points = [{"query": [left + 0.1, 0.3], "result": [0.2, 0.1]}, {"query": [left, 1], "result": [0, 0.8]}]
            result["outline"] = {"corners": corners, "inliers": 31, "points": points}
        route.fulfill(json=told)

    with visit(browser, server.address) as page:
        page.route("**/api/search*", outlined)
        choose(page)
        see_query(page)
        outlines = page.locator("#query-outlines .outline")
        expect(outlines).to_have_count(2)
        frame, second = page.locator("#frame").bounding_box(), page.locator(".outline[data-rank='2'] .line")
        assert frame is not None
        left, top = second.evaluate("line => { const {x, y} = line.points[0]; return [x, y]; }")
        assert (left, top) == pytest.approx((0.5 * frame["width"], 0.2 * frame["height"]), abs=0.1)
        expect(page.locator("#status")).to_contain_text("2 outlines on the query.")
        expect(page.locator(".distance").first).to_contain_text("31 points")
        page.locator("#within input").focus()
        for _ in range(4):
            page.keyboard.press("Tab")  # to the first picture, what it offers, and the second one
        expect(page.locator(".outline.marked text")).to_have_text("2")
        expect(page.locator("#matches circle")).to_have_count(4)
        assert_usable(page)
        page.mouse.move(frame["x"] + 0.2 * frame["width"], frame["y"] + 0.5 * frame["height"])
        expect(page.locator(".result.marked .rank")).to_have_text("1")
        page.locator("#enlarge-query").click()
        expect(page.locator("#large-outlines .outline")).to_have_count(2)
        page.keyboard.press("ArrowRight")
        expect(page.locator("#large-outlines .point")).to_have_count(2)
        page.keyboard.press("Escape")
        page.locator(".why").first.click()
        expect(page.locator("#explanation-text")).to_contain_text(
            "It is seen at the left of the query: 31 points match."
        )
        expect(page.locator("#proof .point")).to_have_count(4)
        expect(page.locator("#explanation-stage")).to_be_hidden()  # The picture of the service is not needed.
        assert_usable(page)
        page.keyboard.press("Escape")
        filling = "(await import('/static/outline.js')).whereIn([[0, 0], [1, 0.1], [1.1, 1.1], [-0.1, 1]])"
        assert page.evaluate(f"async () => {filling}") == "It fills the query"
        page.set_viewport_size({"width": 1280, "height": 260})
        page.mouse.click(frame["x"] + 0.2 * frame["width"], frame["y"] + 0.22 * frame["height"])
        # It leads to the result.
        page.evaluate("async () => { while (!scrollY) await new Promise(requestAnimationFrame) }")
        page.set_viewport_size({"width": 1280, "height": 120})
        expect(page.locator("#matches circle")).to_have_count(0)  # Lines would lead out of sight.
        page.set_viewport_size({"width": 1280, "height": 720})
        page.evaluate("scrollTo(0, 0)")
        draw(page, (0.5, 0.5), (0.9, 0.9))  # From within an outline, too.
        expect(page).to_have_url(re.compile("crop=0.5,0.5,0.4,0.4$"))
        # Now it is the part in which it lies.
        expect(outlines.first.locator(".badge")).to_be_visible()
        assert second.evaluate("line => line.points[0].x") == pytest.approx(0.7 * frame["width"], abs=1)


def test_nothing_of_what_is_seen_may_be_the_answer(server: Server, browser: Browser) -> None:
    def finds_the_same(route: Route) -> None:
        told = route.fetch().json()
        told["index"]["finds"] = "same"
        route.fulfill(json=told)

    with visit(browser, server.address) as page:
        page.route("**/api/health", finds_the_same)
        nothing = {"answers": [{"query": "x", "results": []}]}
        page.route("**/api/search*limit=15&*", lambda route: route.fulfill(json=nothing))  # One photo may show many.
        page.reload()
        expect(page.locator("#start-title")).to_have_text("Find the very same thing")
        page.locator(".choose-file").first.set_input_files(COAT)
        expect(page.locator("#notice-title")).to_have_text("Nothing was recognised")
        expect(page.locator("#notice-text")).to_contain_text("draw a rectangle around the thing.")
        assert_usable(page)


def test_a_picture_is_seen_large_with_its_whole_name_and_its_file(server: Server, browser: Browser) -> None:
    with visit(browser, f"{server.address}/?id=same.jpg") as page:
        enlarge = page.locator(".enlarge:visible").first
        result = page.locator(".result").nth(1).locator(".name").get_attribute("title")
        enlarge.click()
        name = page.locator("#large-name")
        expect(name).to_have_text(result or "")
        picture = page.locator("#large-picture")
        picture.evaluate("picture => picture.decode()")
        assert_usable(page)
        page.keyboard.press("ArrowLeft")  # The file of the first result is gone: before the second is the query.
        expect(name).to_have_text("same.jpg")
        expect(page.locator("#large-search")).to_be_hidden()
        original = server.client.get(page.locator("#large-original").get_attribute("href") or "")
        assert original.content == min((ROOT / "data").glob("Denim_T*")).read_bytes()
        page.keyboard.press("Escape")
        expect(enlarge).to_be_focused()
        page.locator("#enlarge-query").click()
        page.get_by_role("button", name="Next picture").click()
        expect(name).to_have_text(result or "")
        page.locator("#large-search").click()
        expect(page.locator("#large")).to_be_hidden()
        expect(page.locator("#query-name")).to_have_attribute("title", result or "")


def test_copies_and_files_that_are_gone_are_told_as_such(server: Server, browser: Browser) -> None:
    with visit(browser, f"{server.address}/?id=same.jpg") as page:
        gone = page.locator(".result").first
        expect(gone.locator(".similarity")).to_have_text("100 %")
        expect(gone.locator(".stage")).to_have_attribute("data-gone", "The file is gone")
        expect(gone.locator(".why")).to_be_hidden()


def test_nothing_within_a_distance_is_told(server: Server, browser: Browser) -> None:
    with visit(browser, server.address) as page:
        choose(page)
        page.get_by_label("Distance at most").fill("0.0001")
        page.get_by_label("Distance at most").press("Tab")
        expect(page.locator("#notice-title")).to_have_text("Nothing was found within a distance of 0.0001")
        expect(page.locator(".result")).to_have_count(0)
        assert_usable(page)
        page.get_by_label("Distance at most").fill("")
        page.get_by_label("Distance at most").press("Tab")
        expect(page.locator("#nearest .similarity")).to_have_count(3)


def test_what_is_no_picture_or_too_large_is_told(server: Server, browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    with visit(browser, server.address, "415", "413", "404") as page:
        page.locator(".choose-file").first.set_input_files(tmp_path / "notes.txt")
        expect(page.locator("#notice-title")).to_have_text("This is no picture that can be read")
        expect(page.locator("#query-unseen")).to_contain_text("cannot show")
        expect(page.locator("#again")).to_be_hidden()
        expect(page.locator("#choose-part")).to_be_hidden()
        (tmp_path / "large.jpg").write_bytes(COAT.read_bytes() + bytes(20_000_000))
        page.locator(".choose-file").first.set_input_files(tmp_path / "large.jpg")
        expect(page.locator("#notice-title")).to_have_text("This picture is too large")
        page.goto(f"{server.address}/?id=none.jpg")
        expect(page.locator("#notice-title")).to_have_text("This picture is not in the index")
        expect(page.locator("#query-unseen")).to_have_text("There is no such picture.")
        expect(page.locator("#choose-part")).to_be_hidden()
        assert_usable(page)


def test_a_busy_service_is_asked_again_and_one_that_is_away_can_be(server: Server, browser: Browser) -> None:
    with visit(browser, server.address, "503", "ERR_FAILED", "ERR_INTERNET") as page:
        answer_with(page, 503, "too many searches at once", wait=1, times=1)
        page.locator(".choose-file").first.set_input_files(COAT)
        expect(page.locator("#notice-title")).to_have_text("Many are searching right now")
        expect(page.locator("#nearest .similarity")).to_have_count(3)
        expect(page.locator("#notice")).to_be_hidden()
        page.route("**/api/search*", lambda route: route.abort(), times=1)
        page.locator("#nearest a").first.click()
        expect(page.locator("#notice-title")).to_have_text("The service does not answer")
        assert_usable(page)
        page.locator("#again").click()
        expect(page.locator("#nearest .similarity")).to_have_count(3)
        page.context.set_offline(True)
        expect(page.locator("#banner")).to_contain_text("You are offline")
        page.locator("#nearest a").first.click()
        expect(page.locator("#notice-text")).to_contain_text("The search starts by itself")
        page.context.set_offline(False)
        expect(page.locator("#nearest .similarity")).to_have_count(3)
        expect(page.locator("#banner")).to_be_hidden()
        # The query's picture, which could not come either, is there with what was found.
        see_query(page)
        expect(page.locator("#choose-part")).to_be_visible()


def test_places_are_held_while_a_slow_search_goes_on(server: Server, browser: Browser) -> None:
    with visit(browser, server.address) as page:
        waiting: list[Route] = []
        page.route("**/api/search*", lambda route: waiting.append(route))
        page.locator(".choose-file").first.set_input_files(COAT)
        expect(page.locator(".result.skeleton")).to_have_count(3)
        before = page.locator("#nearest .stage").first.bounding_box()
        assert_usable(page)
        waiting[0].continue_()
        expect(page.locator("#nearest .similarity").first).to_have_text(re.compile("%"))
        assert page.locator("#nearest .stage").first.bounding_box() == before
        page.locator("#nearest a").first.click()
        expect(page.locator("#progress-text")).to_have_text("Searching")
        page.get_by_role("button", name="Cancel").click()
        expect(page.locator("#notice-title")).to_have_text("The search was given up")
        expect(page.locator("#progress:visible, .skeleton")).to_have_count(0)
        page.unroute_all()
        page.locator("#again").click()
        expect(page.locator("#nearest .similarity")).to_have_count(3)


def test_a_phone_is_wide_enough_and_dark_where_one_likes_it_dark(server: Server, browser: Browser) -> None:
    size = {"width": 360, "height": 740}
    with visit(browser, server.address, viewport=size, has_touch=True, is_mobile=True, color_scheme="dark") as page:
        expect(page.locator("#start .take-photo")).to_have_attribute("capture", "environment")
        expect(page.locator("#start .photograph")).to_be_visible()
        assert not scrolls_sideways(page)
        choose(page)
        page.locator("#more").tap()
        expect(page.locator(".result:not(.skeleton)")).to_have_count(15)
        assert not scrolls_sideways(page)
        numbers = page.locator(".numbers p")
        assert not numbers.evaluate_all("all => all.some(one => one.scrollWidth > one.clientWidth)")
        page.locator("#choose-part").tap()
        expect(page.locator("#part")).to_be_visible()
        assert not scrolls_sideways(page)
        page.get_by_role("button", name="Search by this part").tap()
        expect(page).to_have_url(re.compile("&crop="))
        expect(page.locator("#nearest img").first).to_be_in_viewport()
        expect(page.locator("#choose-part")).to_have_text("Change the part")
        assert_usable(page)
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.emulate_media(color_scheme="light")
        light = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (dark, light) == ("rgb(22, 24, 27)", "rgb(246, 247, 248)")


def test_a_service_with_a_token_asks_for_it_once(index: Path, browser: Browser) -> None:
    environment = {"IMAGE_SIMILARITY_TOKEN": TOKEN}
    with (
        serving(index.parent, index, environment=environment) as server,
        visit(browser, f"{server.address}/duplicates", "401") as page,
    ):
        token = page.get_by_label("Token", exact=True)
        for path in ("/duplicates", "/"):
            page.goto(server.address + path)
            expect(token).to_be_focused()
            page.keyboard.press("Escape")
            expect(token).to_be_hidden()
            page.get_by_role("button", name="Enter it").click()
        expect(token).to_be_focused()
        assert_usable(page)
        token.fill("a-wrong-token-of-tests")
        token.press("Enter")
        expect(page.locator("#token-wrong")).to_contain_text("not the token")
        token.fill(TOKEN)
        token.press("Enter")
        expect(page.locator("#sample-list img").nth(10)).to_be_visible()
        page.reload()
        choose(page)
        expect(page.locator("#session")).to_be_hidden()
        assert page.locator("#nearest img").first.evaluate("picture => picture.decode().then(() => true)")
