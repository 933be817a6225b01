"""Step 4, search: whether OpenCV can open a window, found out without opening one; and the size of the screen.

Without a display, OpenCV's Qt does not raise an error when a window is opened: it aborts the process.
"""

import ctypes
import glob
import os
import sys
import threading
from contextlib import suppress
from typing import NamedTuple

import cv2

# A local display answers in milliseconds; a remote one that does not answer is given up.
LONGEST_WAIT_SECONDS = 3.0

# The size to assume when the screen cannot be asked: it fits every screen in use.
USUAL_SCREEN = (1280, 720)


class Display(NamedTuple):
    """What an attempt to reach the display found."""

    screen: tuple[int, int] | None = None
    """Width and height in pixels of the screen that the pointer is on, if known."""
    origin: tuple[int, int] = (0, 0)
    """Left and top of that screen, where several make one display."""
    trouble: str | None = None
    """Why no window can be opened; None if one can."""


def find_display() -> Display:
    """Return whether OpenCV can open windows, and the size of the screen."""
    if toolkit() == "NONE":
        return Display(trouble="this OpenCV was built without windows (opencv-python-headless)")
    if not sys.platform.startswith("linux"):
        return Display()
    if not toolkit().startswith("QT") and os.environ.get("WAYLAND_DISPLAY"):
        return Display()
    name = os.environ.get("DISPLAY")
    if not name:
        return Display(trouble="no display: DISPLAY is not set")
    return _qt_trouble() or _asked_in_time(name)


def toolkit() -> str:
    """Return the name of the window system OpenCV was built with, such as 'QT5'; 'NONE' for a headless build."""
    _, _, rest = cv2.getBuildInformation().partition("GUI:")
    return (rest.split() or ["NONE"])[0]


def _qt_trouble() -> Display | None:
    """Return what would make Qt abort the process; None if nothing would."""
    wanted = os.environ.get("QT_QPA_PLATFORM") or "xcb"
    # The wheels bring xcb only. Desktops of Wayland have an X server too, and set this for programs that can do both.
    if toolkit().startswith("QT") and wanted.startswith("wayland"):
        os.environ["QT_QPA_PLATFORM"] = wanted = "xcb"
    # Several may be named, each with options: 'vnc;xcb:...'. What other builds bring needs xcb as well, or shows
    # nothing.
    if toolkit().startswith("QT") and "xcb" not in [one.partition(":")[0] for one in wanted.split(";")]:
        return Display(trouble=f"QT_QPA_PLATFORM is '{wanted}', but OpenCV's windows need 'xcb'")
    # The wheels bring a libX11-xcb older than the libX11 of most systems. The two disagree where to note that Qt reads
    # the events, so libX11 takes some of them. Now and then it takes the one that makes Qt draw a new window, which
    # stays black. The system's own libX11-xcb, loaded first and globally, is used instead.
    with suppress(OSError):
        ctypes.CDLL("libX11-xcb.so.1", mode=ctypes.RTLD_GLOBAL)
    plugin = os.path.join(os.environ.get("QT_QPA_PLATFORM_PLUGIN_PATH", ""), "platforms", "libqxcb.so")
    try:
        if os.path.exists(plugin):
            ctypes.CDLL(plugin)
    except OSError as error:
        return Display(trouble=f"OpenCV's windows lack a library: {error}")
    return None


def _asked_in_time(name: str) -> Display:
    answers: list[Display] = []
    # A connection to a machine that does not answer hangs for minutes and cannot be cancelled.
    question = threading.Thread(target=lambda: answers.append(_ask_x_server(name)), daemon=True)
    question.start()
    question.join(LONGEST_WAIT_SECONDS)
    return answers[0] if answers else Display(trouble=f"the display {name} does not answer")


class _Screen(ctypes.Structure):
    """The beginning of xcb_screen_t, from xproto.h."""

    _fields_ = [(name, ctypes.c_uint32) for name in ("root", "colormap", "white", "black", "input_masks")]
    _fields_ += [("width", ctypes.c_uint16), ("height", ctypes.c_uint16)]


class _Monitor(ctypes.Structure):
    """xcb_xinerama_screen_info_t, from xinerama.h."""

    _fields_ = [("left", ctypes.c_int16), ("top", ctypes.c_int16)]
    _fields_ += [("width", ctypes.c_uint16), ("height", ctypes.c_uint16)]


class _Pointer(ctypes.Structure):
    """The beginning of xcb_query_pointer_reply_t, from xproto.h."""

    _fields_ = [("head", ctypes.c_uint32 * 4), ("x", ctypes.c_int16), ("y", ctypes.c_int16)]


class _Cookie(ctypes.Structure):
    """What xcb gives for a question, and takes for the answer."""

    _fields_ = [("sequence", ctypes.c_uint)]


class _ScreenIterator(ctypes.Structure):
    _fields_ = [("data", ctypes.POINTER(_Screen)), ("rem", ctypes.c_int), ("index", ctypes.c_int)]


def _ask_x_server(name: str) -> Display:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return Display()
    xcb.xcb_connect.restype = xcb.xcb_get_setup.restype = ctypes.c_void_p
    xcb.xcb_setup_roots_iterator.restype = _ScreenIterator
    # The number after the dot of a name such as ':0.1'. Asked for it, xcb also checks that there is such a screen.
    number = ctypes.c_int()
    connection = ctypes.c_void_p(xcb.xcb_connect(None, ctypes.byref(number)))
    try:
        if xcb.xcb_connection_has_error(connection):
            return Display(trouble=f"the display {name} cannot be reached, or does not let us in")
        screens = xcb.xcb_setup_roots_iterator(ctypes.c_void_p(xcb.xcb_get_setup(connection)))
        for _ in range(number.value):
            xcb.xcb_screen_next(ctypes.byref(screens))
        whole = Display((screens.data[0].width, screens.data[0].height))
        return _with_pointer(xcb, connection, screens.data[0].root) or whole
    finally:
        xcb.xcb_disconnect(connection)


def _with_pointer(xcb: ctypes.CDLL, connection: ctypes.c_void_p, root: int) -> Display | None:
    """Return the one of several monitors that the pointer is on, as somebody looks there; None if nobody can tell."""
    # The wheels bring it, for Qt.
    brought = os.path.join(os.path.dirname(cv2.__path__[0]), "opencv_python.libs", "libxcb-xinerama*")
    for name in ("libxcb-xinerama.so.0", *glob.glob(brought)):
        with suppress(OSError):
            xinerama = ctypes.CDLL(name)
            break
    else:
        return None
    xcb.xcb_query_pointer.restype = xinerama.xcb_xinerama_query_screens.restype = _Cookie
    xcb.xcb_query_pointer_reply.restype = ctypes.POINTER(_Pointer)
    xinerama.xcb_xinerama_query_screens_reply.restype = ctypes.c_void_p
    xinerama.xcb_xinerama_query_screens_screen_info.restype = ctypes.POINTER(_Monitor)
    cookie = xcb.xcb_query_pointer(connection, ctypes.c_uint32(root))
    pointer = xcb.xcb_query_pointer_reply(connection, cookie, None)
    cookie = xinerama.xcb_xinerama_query_screens(connection)
    # The answers are a few bytes each and are not given back: this is asked once in a run.
    found = ctypes.c_void_p(xinerama.xcb_xinerama_query_screens_reply(connection, cookie, None))
    if not pointer or not found:
        return None
    count = xinerama.xcb_xinerama_query_screens_screen_info_length(found)
    for one in xinerama.xcb_xinerama_query_screens_screen_info(found)[:count]:
        is_across = one.left <= pointer[0].x < one.left + one.width
        if is_across and one.top <= pointer[0].y < one.top + one.height:
            return Display((one.width, one.height), (one.left, one.top))
    return None
