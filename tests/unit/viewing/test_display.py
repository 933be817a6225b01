"""Whether a window can be opened, for every answer the environment and the display may give.

`tests/e2e/test_window.py` asks a real display.
"""

import os
import sys
import threading

import cv2
import pytest

from src.viewing import display
from src.viewing.display import Display, find_display, toolkit

SCREEN = Display(screen=(1920, 1200))


@pytest.fixture(autouse=True)
def usual_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Linux with X11, a screen that answers, and an OpenCV with Qt as the wheels have it."""
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "QT_QPA_PLATFORM_PLUGIN_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":7")
    monkeypatch.setattr(display, "_ask_x_server", lambda name: SCREEN if name == ":7" else Display())
    build(monkeypatch, "QT5")


def build(monkeypatch: pytest.MonkeyPatch, gui: str) -> None:
    text = f"  Extra:\n\n  GUI:                           {gui}\n    VTK support:                 NO\n"
    monkeypatch.setattr(cv2, "getBuildInformation", lambda: text)


@pytest.mark.parametrize("gui", ["QT5", "GTK3", "NONE"])
def test_the_toolkit_is_read_off_the_build(monkeypatch: pytest.MonkeyPatch, gui: str) -> None:
    build(monkeypatch, gui)
    assert toolkit() == gui


def test_a_build_that_names_no_toolkit_counts_as_headless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cv2, "getBuildInformation", lambda: "General configuration for OpenCV")
    assert toolkit() == "NONE"


def test_the_screen_that_answers_is_told() -> None:
    assert find_display() == SCREEN


def test_a_headless_build_has_no_windows_even_with_a_display(monkeypatch: pytest.MonkeyPatch) -> None:
    build(monkeypatch, "NONE")
    assert "opencv-python-headless" in str(find_display().trouble)


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_elsewhere_there_is_always_a_display(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.delenv("DISPLAY")
    assert find_display() == Display()


def test_wayland_alone_serves_gtk_but_not_qt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert find_display().trouble == "no display: DISPLAY is not set"
    build(monkeypatch, "GTK3")
    assert find_display() == Display()


@pytest.mark.parametrize("platform", ["wayland", "wayland-egl", "wayland;xcb"])
def test_where_wayland_is_told_an_x_server_serves_qt_too(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    assert find_display() == SCREEN
    assert os.environ["QT_QPA_PLATFORM"] == "xcb"
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    monkeypatch.delenv("DISPLAY")
    assert find_display().trouble == "no display: DISPLAY is not set"


@pytest.mark.parametrize("platform", ["offscreen", "vnc:size=800x600"])
def test_qt_that_is_told_to_show_elsewhere_is_trouble(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    assert find_display().trouble == f"QT_QPA_PLATFORM is '{platform}', but OpenCV's windows need 'xcb'"
    build(monkeypatch, "GTK3")
    assert find_display() == SCREEN


@pytest.mark.parametrize("platform", ["", "xcb", "xcb:option", "vnc;xcb"])
def test_qt_that_may_use_xcb_is_no_trouble(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    assert find_display() == SCREEN


def test_a_display_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    silence = threading.Event()

    def answer_late(name: str) -> Display:
        silence.wait(10)
        return SCREEN

    monkeypatch.setattr(display, "_ask_x_server", answer_late)
    monkeypatch.setattr(display, "LONGEST_WAIT_SECONDS", 0.05)
    assert find_display() == Display(trouble="the display :7 does not answer")
    silence.set()
