import pytest

from src.commands import serve


def refused(*arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert serve.main(["--index", "x.csv", *arguments]) == 2
    return capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80a", "٣", "8_0"])
def test_a_port_is_one_that_can_be_listened_at(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(f"--port={port}", capsys=capsys).endswith(f"from 1 to 65535, not '{port}'")


@pytest.mark.parametrize("host", ["example.org", "", "127.0.0.1:80", "[::1]", "256.1.1.1"])
def test_the_host_is_an_address(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused("--host", host, capsys=capsys).endswith(f"must be an address such as 127.0.0.1 or ::1, not '{host}'")


@pytest.mark.parametrize("name", ["**", "*a.example", "http://a.example", "a.example:80", "a/b", "", "a."])
def test_an_allowed_host_is_a_name(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"not '{name}'" in refused("--allow-host", name, capsys=capsys)


@pytest.mark.parametrize(
    "origin", ["*", "null", "a.example", "https://a.example/", "https://a.example:x", "ftp://a.example", "http://u@a.b"]
)
def test_an_allowed_origin_is_an_origin(origin: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"not '{origin}'" in refused("--allow-origin", origin, capsys=capsys)


@pytest.mark.parametrize("options", [["--max-upload-mb=0"], ["--max-megapixels=nan"], ["--searches=0"]])
def test_limits_are_numbers_that_limit(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert "must be a" in refused(*options, capsys=capsys)


def test_names_and_origins_are_taken_as_browsers_write_them() -> None:
    options = "--host=localhost --allow-host A.example *.b --allow-host=* --allow-origin=HTTPS://A.b:1"
    taken = serve.parse(["--index=x", *options.split()])
    assert (taken.host, taken.allow_host) == ("127.0.0.1", ["a.example", "*.b", "*"])
    assert taken.allow_origin == ["https://a.b:1"]
