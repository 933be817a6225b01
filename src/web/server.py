"""The service: the HTTP server. It is granian, which times the heads of requests, and starts an ended process anew.

Two processes: the master, which is the program that was started, and the one that serves.
"""

import asyncio
import errno
import http.client
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels

from ..errors import ExpectedError
from .app import create_app
from .connections import limit_connections, most_connections
from .lastingserver import LastingServer
from .settings import Settings
from .tokens import check_token

# What is asked then gets so long to be answered. granian counts in whole seconds.
LEAVING_SECONDS = 1
# Each connection may hold so much of a head that is not whole. An address may have two ids of 4,096 bytes, each byte of
# which takes three letters.
MOST_HEAD_BYTES = 1 << 15
# Those that mean every address of the machine, and the one of them to ask at.
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
_NOT_LISTENING = {
    errno.EADDRINUSE: "the port is in use: choose another with --port, or end what listens there",
    errno.EACCES: "ports below 1024 are for root alone: choose another with --port",
    errno.EADDRNOTAVAIL: "no address of this machine: choose one with --host",
}


def address_of(settings: Settings) -> str:
    """Return the address of the page."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


def run_server(settings: Settings, program: str = "image-similarity", greeting: str = "") -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP.

    Parameters
    ----------
    settings : Settings
    program : str, optional
        Its name begins the lines of the log, on stderr.
    greeting : str, optional
        A line to print as soon as requests are answered.

    Raises
    ------
    ExpectedError
        If it cannot listen there, or the token is none, or it ends before it answers.
    """
    if settings.token is not None:
        check_token(settings.token)
    listener = _bound(settings)
    # Python's own words, and those of Rust, go to descriptor 2, which nothing here needs to be kept from.
    os.dup2(sys.stderr.fileno(), 2)
    reader, writer = multiprocessing.Pipe(duplex=False)
    writer.send_bytes(greeting.encode("utf-8", "backslashreplace"))
    server = LastingServer(
        listener, target="image-similarity", address=settings.host, port=settings.port, interface=Interfaces.ASGI,
        loop=Loops.asyncio,  # whatever else is installed: what was tried is what runs
        http=HTTPModes.http1, backpressure=most_connections(), http1_settings=HTTP1Settings(
            header_read_timeout=int(1000 * settings.head_seconds), max_buffer_size=MOST_HEAD_BYTES
        ),
        websockets=False, workers_kill_timeout=LEAVING_SECONDS, log_level=LogLevels.error,
        log_dictconfig=_log(program),
    )  # fmt: skip
    hangup = signal.getsignal(signal.SIGHUP) if hasattr(signal, "SIGHUP") else None

    @server.on_startup
    def end_with_the_terminal() -> None:
        # granian would start the serving process anew. A service that was started to survive its terminal does.
        if hangup is not None:
            signal.signal(signal.SIGHUP, hangup if hangup is signal.SIG_IGN else server.signal_handler_interrupt)

    with listener:
        server.keep_serving(partial(_load, settings, reader), has_answered=lambda: not reader.poll())


def _bound(settings: Settings) -> socket.socket:
    """Return a socket that has the address; granian would share a port that another of it has."""
    one = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    # What a service that has ended leaves behind for a minute is in nobody's way.
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    limit_connections(one, settings.stuck_seconds)
    try:
        one.bind((settings.host, settings.port))
    except OSError as error:
        one.close()
        reason = _NOT_LISTENING.get(error.errno or 0, error.strerror)
        raise ExpectedError(f"cannot listen at {address_of(settings)}: {reason}") from None
    return one


def _log(program: str) -> dict[str, Any]:
    # A warning of granian is that somebody had not sent all of a request when it was told to end.
    handled = {"handlers": ["stderr"], "level": "WARNING"}
    return {
        "formatters": {"line": {"format": program.replace("%", "%%") + ": %(message)s"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "loggers": {"_granian": {**handled, "propagate": False}},
        "root": handled,
    }


def _load(settings: Settings, greeting: Connection) -> Callable[..., Any]:
    """Return the application, in the serving process."""
    threading.Thread(target=_end_with_master, daemon=True).start()
    threading.Thread(target=_greet, args=(settings, greeting), daemon=True).start()
    # Until granian takes signals, just before the loop runs, this process has the handlers of the one it is a copy of.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    asyncio.get_event_loop().call_soon(_leave_interrupts_to_master)
    return create_app(settings)


def _end_with_master() -> None:
    """End this process if the master is killed; the describing process ends with it."""
    master = multiprocessing.parent_process()
    if master is None:
        return
    master.join()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(LEAVING_SECONDS)
    os._exit(1)


def _leave_interrupts_to_master() -> None:
    """Ctrl-C in a terminal reaches both processes; if this one was the first to end, it would look like a crash."""
    asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _greet(settings: Settings, greeting: Connection) -> None:
    """Print the greeting once requests are answered, in the first process that serves."""
    host = _EVERYWHERE.get(settings.host, settings.host)
    while greeting.poll():
        connection = http.client.HTTPConnection(host, settings.port, timeout=10)
        try:
            connection.request("GET", "/api/health")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            time.sleep(0.02)
            continue
        finally:
            connection.close()
        if line := greeting.recv_bytes().decode():
            print(line, flush=True)
