"""The page to look through duplicates, in a browser: what is decided there is what duplicates.py then does."""

import json
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.browser import QUIET, assert_usable, chromium, scrolls_sideways, visiting
from tests.programs import succeed
from tests.scenes import draw_scene
from tests.servers import Server, serving

ATTACK = '"onerror=alert(1) <script>alert(2)<.jpg'
BYTES = "caf\udce9.jpg"
# By what is kept: the same file; two of the same file and a small one; small ones alone.
GROUPS = {
    "a.jpg": ["trip/a.jpg"],
    "b.jpg": ["b copy.jpg", "small/b.jpg"],
    "c.jpg": [ATTACK],
    "d.jpg": [BYTES],
}


class Gallery:
    """A folder of pictures with copies, which is served."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.photos = folder / "photos"
        self.index = folder / "index 1.csv"
        self.different = folder / "different.txt"
        for name in ("trip", "small"):
            (self.photos / name).mkdir(parents=True)
        for seed, (name, copies) in enumerate([*GROUPS.items(), ("e.jpg", [])]):
            # Groups come in the order of what they win.
            picture = draw_scene(seed, 240 - 20 * seed, 320)
            self._write(name, picture)
            for copy in copies:
                if "small" in copy or copies == [copy] != ["trip/a.jpg"]:
                    self._write(
                        copy, cv2.resize(picture, (160 - 20 * seed, 120 - 20 * seed), interpolation=cv2.INTER_AREA)
                    )
                else:
                    shutil.copyfile(self.photos / name, self.photos / copy)
        succeed("index.py", "--dataset", self.photos, "--index", self.index)
        succeed("duplicates.py", "--index", self.index, "--json")

    def _write(self, name: str, picture: Any) -> None:
        (self.photos / name).write_bytes(cv2.imencode(".jpg", picture)[1].tobytes())

    def names(self, folder: str = "photos") -> set[str]:
        """Return the names of the files in a folder beside the index."""
        top = self.folder / folder
        return {os.fspath(path.relative_to(top)) for path in top.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    return Gallery(tmp_path_factory.mktemp("review"))


@pytest.fixture(scope="module")
def server(gallery: Gallery) -> Iterator[Server]:
    with serving(gallery.folder, gallery.index, "--ignore", gallery.different) as running:
        groups_of(running)
        yield running


def groups_of(server: Server) -> dict[str, list[str]]:
    """Return what the service tells of duplicates, once it has found them: the copies by what is kept."""
    while (told := server.client.get("/api/duplicates")).status_code == 503:
        pass
    return {group["keep"]["id"]: [spare["id"] for spare in group["spares"]] for group in told.json()["groups"]}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def marks_of(page: Page, number: int) -> list[str]:
    """Return what the badges of a group say."""
    return page.locator(f".group[data-number='{number}'] .picture .mark").all_inner_texts()


def wait_for_groups(page: Page) -> None:
    expect(page.locator("#more")).to_contain_text("These are all groups")


def save(page: Page) -> tuple[Any, str, str]:
    """Save the decisions; return them, the name of the file, and the command that is shown."""
    page.locator("#save").click()
    command = page.locator("#command").inner_text()
    with page.expect_download() as download:
        page.locator("#download").click()
    path = download.value.path()
    values = json.loads(path.read_bytes())
    press(page, "Escape")
    return values, download.value.suggested_filename, command


def test_the_api_tells_groups_page_by_page_and_no_place_on_the_server(server: Server, gallery: Gallery) -> None:
    assert server.client.get("/api/health").json()["duplicates"] is True
    whole = server.client.get("/api/duplicates")
    assert str(gallery.folder) not in whole.text
    told = whole.json()
    assert groups_of(server) == GROUPS
    assert (told["total"], told["spares"], told["without"]) == (4, 5, 0)
    assert told["spare_bytes"] == sum(group["spare_bytes"] for group in told["groups"])
    page = server.client.get("/api/duplicates?offset=1&limit=2").json()
    assert page["groups"] == told["groups"][1:3]
    assert page["stamp"] == told["stamp"]
    assert server.client.get(page["links"]["next"]).json()["groups"] == told["groups"][3:]
    assert server.client.get(page["links"]["previous"]).json()["offset"] == 0
    for group in told["groups"]:
        for picture in [group["keep"], *group["spares"]]:
            assert server.client.get(picture["links"]["image"]).status_code == 200
    assert server.client.get("/api/duplicates?limit=1000").status_code == 422


def test_what_is_decided_with_keys_is_what_duplicates_py_does(
    server: Server, gallery: Gallery, browser: Browser
) -> None:
    before = gallery.names()
    with visiting(browser, f"{server.address}/duplicates") as page:
        wait_for_groups(page)
        expect(page.locator("#won")).to_have_text("0 bytes won")
        # The first group as it is proposed; of the second the small one alone; the third is none; the last stays open.
        press(page, "ArrowDown", "Enter", "ArrowRight", "ArrowRight", "o", "ArrowRight", "n")
        assert [marks_of(page, number) for number in (1, 2, 3, 4)] == [
            ["keep", "spare"], ["spare", "spare", "keep"], ["different", "different"], ["keep?", "spare?"],
        ]  # fmt: skip
        expect(page.locator("#decided")).to_contain_text("3 of 4 groups decided, 3 spares")
        won = sum((gallery.photos / name).stat().st_size for name in ("trip/a.jpg", "b.jpg", "b copy.jpg"))
        expect(page.locator("#won")).to_have_text(f"{won / 1000:.0f} kB won")
        page.reload()
        wait_for_groups(page)
        expect(page.locator("#decided")).to_contain_text("3 of 4 groups decided, 3 spares")
        values, name, command = save(page)
    assert values == {
        "groups": [
            {"keep": [{"id": "a.jpg"}], "spares": [{"id": "trip/a.jpg"}], "different": []},
            {"keep": [{"id": "small/b.jpg"}], "spares": [{"id": "b.jpg"}, {"id": "b copy.jpg"}], "different": []},
            {"keep": [], "spares": [], "different": [{"id": "c.jpg"}, {"id": ATTACK}]},
        ]
    }
    (gallery.folder / name).write_text(json.dumps(values))
    python, program, *options = shlex.split(command)
    assert (python, program) == ("python", "duplicates.py")
    places = {one: str(gallery.folder / one) for one in ("index 1.csv", name, "spares", "different.txt")}
    log = gallery.folder / "log.txt"
    succeed(program, *(places.get(option, option) for option in options), "--log", log)
    gone = {"trip/a.jpg", "b.jpg", "b copy.jpg"}
    assert gallery.names() == before - gone
    assert gallery.names("spares") == gone
    assert ATTACK in gallery.different.read_text()
    # What is different is no group any more; nor is what has lost its spares.
    assert groups_of(server) == {"d.jpg": [BYTES]}
    succeed("duplicates.py", "--undo", log)
    gallery.different.unlink()
    assert gallery.names() == before
    assert groups_of(server) == GROUPS


def test_keys_and_buttons_mark_undo_and_go_through_groups(server: Server, browser: Browser) -> None:
    with visiting(browser, f"{server.address}/duplicates") as page:
        wait_for_groups(page)
        focused = page.locator(".picture:focus-within")
        press(page, "ArrowDown", "ArrowRight", "ArrowRight")
        expect(focused.locator(".name")).to_have_text("b.jpg")
        press(page, "s")
        expect(page.locator("#said")).to_have_text("One of them must be kept: keep another one first.")
        press(page, "ArrowRight", "k", "ArrowLeft", "s")
        assert marks_of(page, 2) == ["spare", "keep", "spare"]
        press(page, "z")
        assert marks_of(page, 2) == ["keep", "keep", "spare"]
        press(page, "Control+z")
        assert marks_of(page, 2) == ["keep?", "spare?", "spare?"]
        expect(page.locator("#undo")).to_be_disabled()
        # What has the same content goes together.
        press(page, "d")
        assert marks_of(page, 2) == ["different", "different", "keep"]
        press(page, "Backspace", "ArrowUp", "ArrowUp", "d")
        expect(page.locator("#said")).to_contain_text("byte by byte")
        page.get_by_role("button", name="Accept them all").click()
        assert marks_of(page, 1) == ["keep", "spare"]
        page.locator(".group[data-number='4'] [data-mark=K]:is(button)").nth(1).click()
        assert marks_of(page, 4) == ["keep", "keep"]
        page.locator("#undo").click()
        page.locator(".group[data-number='4'] .none").click()
        expect(page.locator("#decided")).to_contain_text("2 of 4 groups decided, 1 spare.")
        # Another tab decides, too.
        other = page.context.new_page()
        other.goto(page.url)
        wait_for_groups(other)
        press(other, "ArrowDown", "ArrowRight", "ArrowRight", "Enter")
        expect(page.locator("#decided")).to_contain_text("3 of 4 groups decided")


def test_a_picture_opens_large_and_is_swapped_in_place(server: Server, browser: Browser) -> None:
    with visiting(browser, f"{server.address}/duplicates") as page:
        wait_for_groups(page)
        page.get_by_role("button", name=f"Show {ATTACK} large").click()
        viewer = page.locator("#viewer")
        expect(viewer.locator("h2")).to_have_text(ATTACK)
        expect(viewer.locator("#viewer-picture")).to_be_visible()
        assert_usable(page)
        box = viewer.locator("#viewer-picture").bounding_box()
        page.keyboard.down("c")
        expect(viewer.locator("h2")).to_have_text("c.jpg")
        expect(viewer.locator("#viewer-mark")).to_have_text("keep?")
        expect(viewer.locator("#viewer-picture")).to_be_hidden()
        assert viewer.locator("#viewer-other").bounding_box() == box
        page.keyboard.up("c")
        expect(viewer.locator("h2")).to_have_text(ATTACK)
        viewer.get_by_role("button", name="Hold to compare").hover()
        page.mouse.down()
        expect(viewer.locator("#viewer-mark")).to_have_text("keep?")
        page.mouse.up()
        press(page, "d")
        expect(viewer.locator("#viewer-mark")).to_have_text("different")
        viewer.get_by_role("button", name="Next picture of the group").click()
        expect(viewer.locator("h2")).to_have_text("c.jpg")
        press(page, "Escape")
        expect(page.locator(".picture:focus-within .name")).to_have_text("c.jpg")
        press(page, " ")
        expect(viewer).to_be_visible()
        press(page, "Enter")
        press(page, " ")
        expect(viewer).to_be_hidden()


def test_it_is_usable_without_a_mouse_and_on_a_phone(server: Server, browser: Browser) -> None:
    phone = {"width": 360, "height": 740}
    with visiting(browser, f"{server.address}/duplicates", color_scheme="dark", viewport=phone) as page:
        wait_for_groups(page)
        assert not scrolls_sideways(page)
        press(page, "ArrowDown", "Enter", "n")
        page.locator(".group[data-number='3'] .none").click()
        assert_usable(page)
        page.emulate_media(color_scheme="light")
        assert_usable(page)
        page.locator("#save").click()
        assert_usable(page)
        press(page, "Escape", "?")
        expect(page.locator("#keys")).to_be_hidden()
        press(page, "ArrowDown", "?")
        expect(page.locator("#keys")).to_be_visible()
        assert_usable(page)


def answer(page: Page, *answers: dict[str, Any]) -> None:
    """Have the service answer what it is asked for duplicates, one after the other; the last one from then on."""
    left = list(answers)

    def fulfill(route: Route) -> None:
        route.fulfill(**(left.pop(0) if len(left) > 1 else left[0]))

    page.route("**/api/duplicates?*", fulfill)


def problem(status: int, detail: str, **headers: str) -> dict[str, Any]:
    return {"status": status, "json": {"status": status, "detail": detail}, "headers": headers}


def listed(groups: list[Any], **changes: Any) -> dict[str, Any]:
    return {
        "json": {
            "index": "index.csv", "stamp": "1", "total": len(groups), "offset": 0, "limit": 100, "spares": 0,
            "spare_bytes": 0, "without": 0, "options": ["--index", "index.csv"], "groups": groups, "links": {},
            **changes,
        }
    }  # fmt: skip


def test_every_state_says_what_to_do(server: Server, browser: Browser) -> None:
    title, text = "#notice-title", "#notice-text"
    with visiting(browser, server.address + QUIET, "503", "404", "500", "ERR_FAILED") as page:
        answer(page, problem(503, "come again", **{"Retry-After": "1"}), listed([], without=2))
        page.goto(f"{server.address}/duplicates")
        expect(page.locator(title)).to_have_text("Duplicates are being found")
        assert_usable(page)
        expect(page.locator(title)).to_have_text("No duplicates")
        expect(page.locator(text)).to_contain_text("2 pictures could not be compared")
        expect(page.locator("#sum")).to_be_hidden()
        answer(page, problem(404, "run duplicates.py --index index.csv"), problem(500, "something went wrong"))
        page.reload()
        expect(page.locator(title)).to_have_text("Duplicates are not known yet")
        expect(page.locator(text)).to_have_text("Run duplicates.py --index index.csv.")
        page.locator("#again").click()
        expect(page.locator(title)).to_have_text("Duplicates cannot be shown")
        page.route("**/api/duplicates?*", lambda route: route.abort())
        page.locator("#again").click()
        expect(page.locator(title)).to_have_text("The service does not answer")
        page.unroute_all()
        page.locator("#again").click()
        wait_for_groups(page)
        expect(page.locator(title)).to_be_hidden()


def made_up(number: int) -> dict[str, Any]:
    def picture(name: str) -> dict[str, Any]:
        links = {"image": "/static/icon.svg", "thumbnail": "/static/icon.svg"}
        return {"id": f"{number}/{name}.jpg", "width": 80, "height": 60, "bytes": 1000, "gone": False, "links": links}

    copy = {"kind": "near", "similarity": 0.97, "orientation": "mirrored", "protected": False, "takes_disk": True}
    return {"key": f"{number}", "kind": "near", "keep": picture("a"), "spares": [picture("b") | copy], "spare_bytes": 9}


def test_hundreds_of_groups_come_as_somebody_nears_them_and_nothing_jumps(server: Server, browser: Browser) -> None:
    with visiting(browser, server.address + QUIET, "favicon.ico") as page:
        pages = [[made_up(number) for number in range(start, start + 100)] for start in range(0, 300, 100)]
        answers = [listed(one, total=300, offset=100 * number) for number, one in enumerate(pages)]
        for one in answers[:2]:
            one["json"]["links"] = {"next": "there is more"}
        answer(page, *answers)
        page.goto(f"{server.address}/duplicates")
        wait_for_groups(page)
        expect(page.locator("#about")).to_contain_text("300 groups")
        made = page.locator(".group")
        assert made.count() < 100
        page.evaluate(
            """() => {
                window.jumps = 0;
                new PerformanceObserver((list) => list.getEntries().forEach((one) => (window.jumps += one.value)))
                    .observe({ type: "layout-shift" });
            }"""
        )
        for _ in range(60):
            page.mouse.wheel(0, 4000)
            if made.count() == 300:
                break
            page.wait_for_timeout(20)
        assert made.count() == 300
        assert page.evaluate("window.jumps") == 0
        expect(made.last.locator(".facts").last).to_have_text(
            re.compile(r"80\s×\s60 · 1\.0\skB · near\s0\.970 · mirrored")
        )


def test_a_long_name_leaves_room_for_its_picture_and_is_copied_whole(server: Server, browser: Browser) -> None:
    name = "תמונות/" + "a name that only cameras give " * 8 + "12.jpg"
    group = made_up(1)
    group["spares"][0]["id"] = name
    with visiting(browser, server.address + QUIET, "favicon.ico", viewport={"width": 390, "height": 740}) as page:
        answer(page, listed([group]))
        page.goto(f"{server.address}/duplicates")
        page.locator(".picture .name").last.click(click_count=3)
        assert page.evaluate("getSelection().toString()").strip() == name
        page.locator(".picture .stage").last.click()
        for control in ("#close-viewer", "#compare", "#original", "#viewer-name"):
            expect(page.locator(control)).to_be_in_viewport(ratio=1)
        assert_usable(page)


RULES = """async ([group, steps]) => {
    const { Group } = await import("/static/reviewmarks.js");
    const one = new Group(group, null);
    const said = [];
    for (const [name, ...options] of steps) {
        try {
            one.marks = one[name](...options);
            said.push(one.marks);
        } catch (refusal) {
            said.push(refusal.message.split(":")[0]);
        }
    }
    return [one.proposal, ...said, one.won()];
}"""


def test_marks_follow_rules_that_no_file_of_decisions_may_break(server: Server, browser: Browser) -> None:
    def group(*copies: dict[str, Any], **keep: Any) -> dict[str, Any]:
        made = made_up(1)
        (spare,) = made["spares"]
        spares = [spare | {"id": f"{number}", "bytes": 10**number} | copy for number, copy in enumerate(copies, 1)]
        return {**made, "keep": made["keep"] | keep, "spares": spares}

    cases: list[tuple[dict[str, Any], list[list[Any]], list[Any]]] = [
        (group({"protected": True}, {}), [["withMark", 1, "S"], ["withOnly", 2], ["withMark", 0, "S"]],
         ["KKS", "This picture is protected, and stays.", "SKK", "SKK", 1000]),
        (group({"gone": True}, {}), [["withMark", 1, "K"], ["withMark", 0, "S"], ["withMark", 2, "S"]],
         ["K-S", "This picture is gone.", "S-K", "K-S", 100]),
        (group({}, {}, gone=True), [["withNone"]], ["-KS", "-DD", 0]),
        (group({"kind": "file", "takes_disk": False}, {}), [["withMark", 0, "D"], ["withMark", 1, "K"]],
         ["KSS", "DDK", "SKK", 0]),
        (group({"kind": "file"}), [["withNone"], ["withMark", 1, "D"]],
         ["KS", *["These are the same file, byte by byte"] * 2, 10]),
        (group({"bytes": 7}, {"bytes": 7}), [["withMark", 2, "D"], ["withMark", 2, "S"]], ["KSS", "KDD", "KSS", 14]),
    ]  # fmt: skip
    with visiting(browser, server.address + QUIET, "favicon.ico") as page:
        for told, steps, wanted in cases:
            assert page.evaluate(RULES, [told, steps]) == wanted


def test_without_fingerprints_the_service_says_what_to_run(tmp_path: Path, gallery: Gallery) -> None:
    index = tmp_path / "other.csv"
    shutil.copyfile(gallery.index, index)  # Fingerprints stay behind, in its cache.
    with serving(tmp_path, index) as server:
        assert server.client.get("/api/health").json()["duplicates"] is False
        unknown = server.client.get("/api/duplicates")
        assert unknown.status_code == 404
        assert "run duplicates.py --index other.csv" in unknown.json()["detail"]
