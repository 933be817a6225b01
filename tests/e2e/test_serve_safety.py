"""Strangers who send garbage, or nothing, or too much, or read nothing: they are let go, and others are answered."""

import resource
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from src.web.admission import MOST_FILES
from tests.programs import ROOT, fail
from tests.servers import COAT, Server, index_here, serving_as

TOKEN = "correct-horse-battery-staple"
BEARER = f"Authorization: Bearer {TOKEN}\r\n".encode()
CLOCK = 1.0
# Within which what takes the time of a clock has happened, on a machine that is busy.
PATIENCE = 6.0
# More than the system keeps for a client that does not read.
LARGE = 30_000_000
HEAD = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /api/search HTTP/1.1\r\nHost: localhost\r\n" + BEARER


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("safety")
    dataset = folder / "data"
    dataset.mkdir()
    (dataset / "large.jpg").write_bytes(COAT.read_bytes())
    index = index_here(dataset, folder / "index.csv")
    with (dataset / "large.jpg").open("r+b") as file:
        file.truncate(LARGE)
    return index


@pytest.fixture(scope="module")
def server(index: Path) -> Iterator[Server]:
    clocks = dict.fromkeys(("head_seconds", "upload_seconds", "stuck_seconds", "refused_seconds"), CLOCK)
    with serving_as(index.parent, index, token=TOKEN, **clocks) as server:
        yield server
        # What strangers send is told to them; the log is not theirs to fill.
        assert server.log == ""


def connect(server: Server, received: int = 0) -> socket.socket:
    """Connect, and have the system keep so many bytes that nobody has read, or as many as it likes."""
    address = urlsplit(server.address)
    one = socket.socket()
    one.settimeout(PATIENCE)
    if received:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, received)
    one.connect((str(address.hostname), int(address.port or 0)))
    return one


def said(server: Server, *parts: bytes | float) -> bytes:
    """Send parts, wait seconds between them, and return all that comes until the service ends the connection."""
    answer = b""
    with connect(server) as connection:
        with suppress(OSError):  # it may be ended in the middle
            for part in parts:
                if isinstance(part, bytes):
                    connection.sendall(part)
                else:
                    time.sleep(part)
        with suppress(ConnectionError):
            while data := connection.recv(1 << 16):
                answer += data
    return answer


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer else 0


def assert_others_are_answered(server: Server) -> None:
    response = server.client.post(
        "/api/search", content=COAT.read_bytes(), headers={"Authorization": f"Bearer {TOKEN}"}
    )
    assert response.status_code == 200


def drip(data: bytes) -> list[bytes | float]:
    return [part for byte in data for part in (bytes([byte]), 4 * CLOCK / len(data))]


def test_clients_that_are_too_slow_are_let_go(server: Server) -> None:
    unread = b"GET /api/images/large.jpg HTTP/1.1\r\nHost: localhost\r\n" + BEARER + b"\r\n"
    clients: dict[str, tuple[bytes | float, ...]] = {
        "silent": (),
        "half a head": (HEAD,),
        "a head that drips": tuple(drip(HEAD + b"\r\n")),
        "idle": (HEAD + b"\r\n",),
        "half a second head": (HEAD + b"\r\n", 0.2, HEAD),
        "half a body": (POST + b"Content-Length: 9\r\n\r\nhalf",),
        "a body that drips": (POST + b"Content-Length: 99\r\n\r\n", *drip(b"a" * 98)),
        "half a chunk": (POST + b"Transfer-Encoding: chunked\r\n\r\n9\r\nhalf",),
        "half a form": (POST + b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 9\r\n\r\n--b",),
        "told to continue, and silent": (POST + b"Expect: 100-continue\r\nContent-Length: 9\r\n\r\n",),
        "a body for the health": (HEAD + b"Content-Length: 9\r\n\r\n",),
        "reads nothing": (unread, 3 * CLOCK),
    }
    begun = time.monotonic()
    with ThreadPoolExecutor(len(clients)) as threads:
        answers = {name: threads.submit(said, server, *parts) for name, parts in clients.items()}
        assert_others_are_answered(server)
    assert time.monotonic() - begun < PATIENCE
    got = {name: answer.result() for name, answer in answers.items()}
    for name in ("silent", "half a head", "a head that drips"):
        assert status(got[name]) in (0, 408), name
    for name in ("idle", "half a second head", "a body for the health"):
        assert status(got[name]) == 200, name
    for name in ("half a body", "half a chunk", "half a form"):
        assert status(got[name]) == 408, name
    assert status(got["a body that drips"]) in (0, 408)
    assert b"HTTP/1.1 408" in got["told to continue, and silent"]
    assert status(got["reads nothing"]) == 200 and len(got["reads nothing"]) < LARGE


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\xff\xfe\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET / HTTP/3.7\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET http://localhost/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"CONNECT evil.example:80 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"X\x01Y / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /" + b"a" * 60_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /%ff%00%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        HEAD + b"X: " + b"a" * 300_000 + b"\r\n\r\n",
        HEAD + b"X: a\r\n" * 1000 + b"\r\n",
        HEAD + b"X: a\r\n b\r\n\r\n",
        HEAD + b"X : a\r\n\r\n",
        HEAD + b"X: a\x00b\r\n\r\n",
        # What a proxy may read in another way than this service: where one request ends, and the next begins.
        POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/x HTTP/1.1\r\n\r\n",
        POST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        POST + b"Content-Length: +4\r\n\r\nabcd",
        POST + b"Content-Length: -1\r\n\r\nabcd",
        POST + b"Content-Length: 99999999999999999999999\r\n\r\nabcd",
        POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"a" * 100_000 + b"\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused(server: Server, sent: bytes) -> None:
    answer = said(server, sent.replace(b" HTTP/1.1\r\n", b" HTTP/1.1\r\nConnection: close\r\n", 1))
    # HTTP/2 and what was still being sent when it was refused are cut off.
    assert answer == b"" or 400 <= status(answer) < 500
    assert answer.count(b"HTTP/1.1 ") <= 1
    assert b"Traceback" not in answer and str(ROOT).encode() not in answer


def test_2000_connections_that_say_nothing_keep_nobody_out(server: Server) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 3000:
        pytest.skip("this system lets nobody open so many")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 3000), hard))
    connections = []
    try:
        connections = [connect(server) for _ in range(2000)]
        assert_others_are_answered(server)
    finally:
        for connection in connections:
            connection.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_clients_that_read_nothing_are_refused_when_there_are_many(server: Server) -> None:
    with ExitStack() as connections:
        clients = [connections.enter_context(connect(server, received=2048)) for _ in range(MOST_FILES + 20)]
        for client in clients:
            client.sendall(b"GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n\r\n")
        statuses = [status(client.recv(15)) for client in clients]
        assert_others_are_answered(server)
        assert server.client.get("/static/search.js").status_code == 200
    assert (statuses.count(200), statuses.count(503)) == (MOST_FILES, 20)


@pytest.mark.parametrize(
    "headers",
    [
        b"Cookie: " + b";" * 5000 + b"\r\n",
        (b"Cookie: " + b";" * 4000 + b"\r\n") * 3,
        b"Content-Type: multipart/form-data; boundary=b" + b";" * 8000 + b"\r\n",
        b"X: " + b"a" * 33_000 + b"\r\n",
    ],
)
def test_headers_that_take_long_to_read_are_not_read(server: Server, headers: bytes) -> None:
    assert status(said(server, POST + headers + b"Connection: close\r\nContent-Length: 0\r\n\r\n")) == 431


def test_addresses_may_have_two_ids_of_the_longest(server: Server) -> None:
    longest = b"%C3" * 4096
    address = b"GET /api/explanation?id=" + longest + b"&result=" + longest + b" HTTP/1.1\r\nHost: localhost\r\n"
    assert status(said(server, address + BEARER + b"Connection: close\r\n\r\n")) == 404


@pytest.mark.parametrize("head", [b"Content-Length: 25000000", b"Transfer-Encoding: chunked\r\n\r\n17d7840"])
def test_who_sends_too_much_is_told_so(server: Server, head: bytes) -> None:
    end = b"\r\n" if b"chunked" in head else b"\r\n\r\n"
    answer = said(server, POST + b"Connection: close\r\n" + head + end + bytes(25_000_000) + b"\r\n0\r\n\r\n")
    assert status(answer) == 413
    has = b"more than 20" if b"chunked" in head else b"25"
    assert b'"detail":"the file has ' + has + b' MB; a picture may have 20 MB"' in answer


def test_a_token_is_asked_for_before_the_picture(server: Server) -> None:
    answer = said(server, POST.replace(BEARER, b"") + b"Expect: 100-continue\r\nContent-Length: 9\r\n\r\n")
    assert status(answer) == 401
    assert b"www-authenticate: Bearer" in answer
    assert server.client.get("/api/health").status_code == 200
    assert server.client.get("/api/images/large.jpg").status_code == 401


def test_no_response_names_the_server(server: Server) -> None:
    for address in ("/", "/api/health", "/nothing", "/api/images"):
        assert server.client.get(address).headers.get_list("Server") == ["image-similarity"]


def test_a_token_that_is_none_is_refused_at_the_start(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAGE_SIMILARITY_TOKEN", "")
    assert "IMAGE_SIMILARITY_TOKEN" in fail("serve.py", "--index", index)
