"""A browser without a screen, Debian's Chromium: it opens pages, and tells what they complain about."""

import importlib.resources
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Error, Page, Request, expect, sync_playwright

LONGEST_WAIT_MILLISECONDS = 15_000
# What axe calls serious keeps people out; the rest is advice.
SERIOUS = ("serious", "critical")
# An address of the service that asks it for nothing by itself.
QUIET = "/static/icon.svg"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run the browser; skip the test where it is missing, and fail in continuous integration, where it may not be."""
    path = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if path is None:
        reason = "not installed: chromium (Debian: apt-get install chromium)"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    # Its own sandbox cannot be had by root, as whom a container runs tests; the pages are our own.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    expect.set_options(timeout=LONGEST_WAIT_MILLISECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=options)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visiting(browser: Browser, address: str, *expected: str, **options: Any) -> Iterator[Page]:
    """Open an address as somebody who has never been there.

    Afterwards the test fails if the page has asked another host, opened a dialog of the browser, or complained: what
    the policy of its content forbids is a complaint, as is an error of a script.

    Parameters
    ----------
    expected : str
        What complaints may hold, such as the status of a response that the test is about.
    options
        Of the browser's context, such as `color_scheme` or `viewport`.
    """
    page = _page_of(browser, options)
    complaints: list[str] = []
    hosts: set[str] = set()

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def refuse(dialog: Dialog) -> None:
        complaints.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    def note_error(error: Error) -> None:
        complaints.append(f"error of a script: {error}")

    def note_host(request: Request) -> None:
        hosts.add(urlsplit(request.url).netloc)

    listeners = {"console": note, "pageerror": note_error, "dialog": refuse, "request": note_host}
    for event, listener in listeners.items():
        page.on(event, listener)  # type: ignore[call-overload]
    is_well = False
    try:
        page.goto(address)
        yield page
        is_well = True
    finally:
        for event, listener in listeners.items():
            page.remove_listener(event, listener)
        if options or not is_well:
            page.context.close()
        else:
            _forget(page, address)
    unexpected = [one for one in complaints if not any(words in one for words in expected)]
    assert not unexpected, unexpected
    assert hosts <= {urlsplit(address).netloc, ""}, hosts


def _page_of(browser: Browser, options: dict[str, Any]) -> Page:
    """Return a page that knows nothing: without options, the one that all tests share, as a new one takes long."""
    if options or not browser.contexts:
        context = browser.new_context(**options)
        context.set_default_timeout(LONGEST_WAIT_MILLISECONDS)
        return context.new_page()
    return browser.contexts[0].pages[0]


def _forget(page: Page, address: str) -> None:
    """Have a page forget what was stored and set while somebody was there."""
    context = page.context
    for other in context.pages[1:]:
        other.close()
    page.unroute_all(behavior="ignoreErrors")
    context.set_offline(False)
    page.mouse.move(0, 0)
    # Of the service, and runs no script.
    page.goto(urljoin(address, QUIET))
    page.evaluate("sessionStorage.clear()")
    session = context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": page.evaluate("origin"), "storageTypes": "all"})
    session.detach()
    context.clear_cookies()


def assert_usable(page: Page) -> None:
    """Let axe look at a page as it is now: nothing may keep people with a keyboard or a screen reader out."""
    if not page.evaluate("'axe' in window"):
        script = importlib.resources.files("axe_playwright_python") / "axe.min.js"
        page.evaluate(script.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    serious = [
        (one["id"], one["help"], [node["html"][:200] for node in one["nodes"]])
        for one in found["violations"]
        if one["impact"] in SERIOUS
    ]
    assert not serious, serious


def scrolls_sideways(page: Page) -> bool:
    """Tell whether a page is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def dropped_file(page: Page, name: str, data: bytes, kind: str) -> Any:
    """Return what a browser gives a page when somebody drops or pastes a file: a DataTransfer, in the page."""
    return page.evaluate_handle(
        """([name, bytes, type]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], name, { type }));
            return transfer;
        }""",
        [name, list(data), kind],
    )
