"""The service gives out pictures of the index and nothing else, whatever they are called and whoever wrote it."""

import http.client
import os
import shutil
from collections.abc import Iterator
from email.utils import formatdate
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import httpx
import pytest
from PIL import Image

from src.web.imagelinks import quoted
from tests.servers import Server, index_here, serving

ODD = [
    b"plain.jpg", b"sub dir/\xc3\xa4 \xc3\xb6.jpg", b"\xff\xfe.jpg", b"x?#&+;=.jpg", b"100%25.jpg", b"a%2Fb.jpg",
    b"<script>alert(1)</script>.jpg", b'"onerror=alert(1).jpg', b"back\\slash.jpg", b"..\\plain.jpg", b"new\nline.jpg",
    b"...", b"-", b"~", b"thumbnail", b"c/thumbnail",
]  # fmt: skip
# What a stranger's index may name; all of it is there, or leads to what is there.
HOSTILE = [
    "/etc/passwd", "//etc/passwd", "../secret.jpg", "sub dir/../../secret.jpg", "./../secret.jpg", "out.jpg",
    "folder/secret.jpg", "absolute.jpg", "pipe.jpg", "zeros.jpg", "circle.jpg", "page.jpg", "drawing.svg", "sub dir",
    ".", "..", "sub dir/", "gone.jpg", "empty.jpg", "x" * 300, "other//secret.jpg", "sub dir/..",
    "private.txt", "file:///etc/passwd", "~root", "$HOME",
]  # fmt: skip
PROBLEM = "application/problem+json"


class Served(NamedTuple):
    """A service, and what it is of."""

    server: Server
    dataset: Path
    outside: Path


def picture(colour: tuple[int, int, int], size: tuple[int, int] = (90, 60)) -> bytes:
    data = BytesIO()
    Image.new("RGB", size, colour).save(data, "JPEG")
    return data.getvalue()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve an index that a stranger has written, of a folder that has all that it names."""
    outside = tmp_path_factory.mktemp("outside")
    dataset = outside / "data"
    for number, name in enumerate(ODD):
        path = Path(os.fsdecode(os.fsencode(dataset) + b"/" + name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture((number * 10, 50, 200)))
    index = outside / "index.csv"
    index_here(dataset, index)
    numbers = b",".join(index.read_bytes().rsplit(b",", 1440)[1:]).strip()
    (outside / "secret.jpg").write_bytes(picture((1, 2, 3)))
    (outside / "other").mkdir()
    (dataset / "out.jpg").symlink_to("../secret.jpg")
    (dataset / "folder").symlink_to("..")
    (dataset / "absolute.jpg").symlink_to(outside / "secret.jpg")
    (dataset / "zeros.jpg").symlink_to("/dev/zero")
    (dataset / "circle.jpg").symlink_to("circle.jpg")
    (dataset / "within.jpg").symlink_to("sub dir/../plain.jpg")
    (dataset / "page.jpg").write_text("<html><script>alert(1)</script>")
    (dataset / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    (dataset / "private.txt").write_text("secret")
    (dataset / "empty.jpg").touch()
    (dataset / "large.jpg").write_bytes(picture((9, 200, 9)) + bytes(3_000_000))
    (dataset / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (dataset / "turned.png").write_bytes(turned())
    (dataset / "55 megapixels.jpg").write_bytes(picture((200, 9, 200), (10_000, 5500)))
    (dataset / "replaced.jpg").write_bytes(picture((1, 200, 9)))
    (dataset / "unlisted.jpg").write_bytes(picture((5, 5, 5)))
    os.mkfifo(dataset / "pipe.jpg")
    shutil.copy(dataset / "plain.jpg", dataset / "is a picture.html")
    more = [
        "within.jpg",
        "large.jpg",
        "broken.png",
        "turned.png",
        "is a picture.html",
        "replaced.jpg",
        "55 megapixels.jpg",
    ]
    # index.py leaves out what is hidden.
    more += ["...", "..\\plain.jpg"]
    with index.open("ab") as file:
        for image_id in [*HOSTILE, *more]:
            file.write(b'"' + image_id.encode() + b'",' + numbers + b"\n")
    index.with_name("index.csv.cache").unlink()
    with serving(outside, index, "--result-path", dataset) as server:
        yield Served(server, dataset, outside)


def turned() -> bytes:
    """Return a picture, red on the left, that is to be shown turned by a quarter to the right: red above."""
    image = Image.new("RGB", (600, 300), (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, 300, 300))
    exif = Image.Exif()
    exif[0x0112] = 6
    data = BytesIO()
    image.save(data, "PNG", exif=exif)
    return data.getvalue()


def ask(server: Server, target: str, method: str = "GET") -> tuple[int, str, bytes]:
    """Ask for exactly this address, which no client makes better; return status, media type and content."""
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=20)
    try:
        connection.request(method, target)
        response = connection.getresponse()
        return response.status, response.getheader("content-type", ""), response.read()
    finally:
        connection.close()


def test_each_picture_is_given_out_whatever_it_is_called(served: Served) -> None:
    listed = served.server.client.get("/api/images?limit=1000").json()
    links = {one["id"]: one["links"] for one in listed["images"]}
    for raw in ODD:
        image_id = os.fsdecode(raw)
        response = served.server.client.get(links[image_id]["image"])
        assert (response.status_code, response.headers["content-type"]) == (200, "image/jpeg"), raw
        assert response.content == (served.dataset / image_id).read_bytes()
        small = served.server.client.get(links[image_id]["thumbnail"])
        assert (small.status_code, small.headers["content-type"]) == (200, "image/jpeg"), raw
        found = served.server.client.get(links[image_id]["search"]).json()
        assert found["answers"][0]["results"][0]["distance"] == 0


@pytest.mark.parametrize("target", ["plain.jpg", "sub%20dir/%C3%A4%20%C3%B6.jpg", "c/thumbnail", "thumbnail"])
def test_slashes_of_an_id_may_be_written_as_they_are(served: Served, target: str) -> None:
    assert ask(served.server, f"/api/images/{target}")[:2] == (200, "image/jpeg")


@pytest.mark.parametrize("image_id", HOSTILE)
def test_nothing_but_pictures_within_the_folder_is_given_out(served: Served, image_id: str) -> None:
    for target in dict.fromkeys((quote(image_id, safe=""), quote(image_id))):
        for address in (f"/api/images/{target}", f"/api/images/{target}/thumbnail"):
            status, kind, said = ask(served.server, address)
            assert (status, kind) == (404, PROBLEM), address
            assert str(served.outside).encode() not in said


@pytest.mark.parametrize(
    "target",
    [
        "unlisted.jpg", "../secret.jpg", "..%2fsecret.jpg", "%2e%2e/secret.jpg", "%2e%2e%2fsecret.jpg", "plain.jpg%00",
        "%00plain.jpg", "plain.jpg%00.png", "..%5csecret.jpg", "..\\secret.jpg", "....//secret.jpg", "PLAIN.JPG",
        "%252e%252e%252fsecret.jpg", "%c0%ae%c0%ae%c0%afsecret.jpg", "/plain.jpg", "./plain.jpg", "plain.jpg/.",
        "sub%20dir/../plain.jpg", "%2Fproc%2Fself%2Fenviron", "../../../../../../etc/passwd", "..;/secret.jpg", "%",
        "C:%5cx.jpg", "%zz", "", "/", "%2F", "plain.jpg%20", "plain.jpg.", "plain.jpg::$DATA",
    ],
)  # fmt: skip
def test_an_id_that_the_index_does_not_have_is_not_given_out(served: Served, target: str) -> None:
    for address in (f"/api/images/{target}", f"/api/images/{target}/thumbnail"):
        status, kind, _ = ask(served.server, address)
        assert (status, kind) == (404, PROBLEM), address


def test_a_link_within_the_folder_and_a_wrong_ending_do_not_matter(served: Served) -> None:
    for name in ("within.jpg", "is a picture.html"):
        response = served.server.client.get(f"/api/images/{quote(name)}")
        assert response.content == (served.dataset / "plain.jpg").read_bytes()
        assert response.headers["content-type"] == "image/jpeg"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in response.headers["content-security-policy"]


def test_a_large_file_comes_whole_and_its_head_alone(served: Served) -> None:
    whole = (served.dataset / "large.jpg").read_bytes()
    client = served.server.client
    assert client.get("/api/images/large.jpg").content == whole
    head = client.head("/api/images/large.jpg")
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(whole)), b"")
    assert head.headers["content-type"] == "image/jpeg"


@pytest.mark.parametrize("address", ["/api/images/replaced.jpg", "/api/images/replaced.jpg/thumbnail"])
def test_who_has_a_picture_gets_it_again_only_when_it_has_changed(served: Served, address: str) -> None:
    client, path = served.server.client, served.dataset / "replaced.jpg"
    first = client.get(address)
    tag, time = first.headers["etag"], first.headers["last-modified"]
    assert first.headers["cache-control"].startswith("private")
    for known in ({"If-None-Match": tag}, {"If-None-Match": f'"x", W/{tag}'}, {"If-Modified-Since": time}):
        again = client.get(address, headers=known)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = picture((200, path.stat().st_mtime_ns % 200, 1))
    path.write_bytes(other)
    os.utime(path, (1_000_000_000, 1_000_000_000))
    changed = client.get(address, headers={"If-None-Match": tag})
    assert (changed.status_code, changed.headers["last-modified"]) == (200, formatdate(1e9, usegmt=True))
    assert changed.content != first.content
    path.touch()


def test_a_thumbnail_is_upright_and_as_large_as_asked(served: Served) -> None:
    def thumbnail(query: str) -> Image.Image:
        return Image.open(BytesIO(served.server.client.get(f"/api/images/turned.png/thumbnail{query}").content))

    assert thumbnail("").size == (128, 256)
    small = thumbnail("?size=16")
    assert small.size == (8, 16)
    assert small.convert("RGB").getpixel((4, 2))[0] > 200  # type: ignore[index]
    # None is made larger than the picture.
    assert thumbnail("?size=1024").size == (300, 600)


def test_a_picture_of_the_index_may_be_larger_than_one_that_is_sent(served: Served) -> None:
    client, link = served.server.client, "/api/images/55%20megapixels.jpg"
    small = Image.open(BytesIO(client.get(f"{link}/thumbnail?size=1000").content))
    assert small.size == (1000, 550)
    assert client.get("/api/search?id=55%20megapixels.jpg&crop=0,0,0.2,0.2").status_code == 200
    assert client.post("/api/search", content=client.get(link).content).status_code == 413


@pytest.mark.parametrize("size", ["15", "1025", "-1", "x", "1e3", "", "NaN"])
def test_no_thumbnail_is_of_any_other_size(served: Served, size: str) -> None:
    response = served.server.client.get("/api/images/turned.png/thumbnail", params={"size": size})
    assert (response.status_code, response.headers["content-type"]) == (422, PROBLEM)


def test_a_picture_that_cannot_be_decoded_has_no_thumbnail_but_itself(served: Served) -> None:
    response = served.server.client.get("/api/images/broken.png/thumbnail")
    assert (response.status_code, response.headers["content-type"]) == (422, PROBLEM)
    assert served.server.client.get("/api/images/broken.png").headers["content-type"] == "image/png"


def test_pictures_are_listed_page_by_page(served: Served) -> None:
    client = served.server.client
    whole = client.get("/api/images?limit=1000").json()
    assert whole["total"] == len(whole["images"]) and whole["links"] == {}
    found, link = [], "/api/images?limit=7"
    while link:
        page = client.get(link).json()
        found += page["images"]
        link = page["links"].get("next")
    assert found == whole["images"]
    assert client.get("/api/images?offset=9&limit=7").json()["links"]["previous"] == "/api/images?offset=2&limit=7"
    assert client.get("/api/images?offset=99999999").json()["images"] == []
    for wrong in ("offset=-1", "limit=0", "limit=1001", "offset=x", f"offset={10**30}"):
        assert client.get(f"/api/images?{wrong}").status_code == 422


def test_other_methods_change_nothing(served: Served) -> None:
    for method in ("PUT", "DELETE", "PATCH", "POST", "TRACE"):
        response: httpx.Response = served.server.client.request(method, "/api/images/plain.jpg")
        assert (response.status_code, response.headers["content-type"]) == (405, PROBLEM)


def test_links_hold_any_id() -> None:
    assert quoted("\udcff/é ?") == "%FF%2F%C3%A9%20%3F"
