"""The service: under which names it may be asked.

A page of a stranger can have its own name resolved to an address of this machine (DNS rebinding). A browser then takes
this service for a part of that page; only the Host of the request tells.
"""

import ipaddress
import re

from starlette.requests import HTTPConnection

from .problems import ProblemError
from .settings import Settings

ANY = "*"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
# A name or an address, and perhaps a port: which one it listens at is no matter, as containers put another one before.
_HOST = re.compile(r"(?:\[(?P<address>[0-9a-fA-F:.]+)\]|(?P<name>[^\[\]:@/?#\s]+))(?::\d{0,5})?")


class KnownHosts:
    """A check of requests: their Host is one of this service.

    Known are localhost, the address that it listens at, and the names that are allowed; `*.example.org` stands for all
    names below example.org, and `*` for all. What listens at all addresses is known by each address, as an address
    cannot be resolved to another one.
    """

    def __init__(self, settings: Settings) -> None:
        names = [name.lower() for name in settings.allowed_hosts]
        self._is_any = ANY in names
        self._names = {*_LOOPBACK, settings.host.lower(), *(name.strip("[]") for name in names)}
        self._endings = tuple(name[1:] for name in names if name.startswith("*."))
        self._is_everywhere = _is_address(settings.host) and ipaddress.ip_address(settings.host).is_unspecified

    def __call__(self, connection: HTTPConnection) -> None:
        """Raise ProblemError for a request to another host."""
        if self._is_any:
            return
        hosts = connection.headers.getlist("host")
        found = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if found is None:
            raise ProblemError(400, "a request must name one host")
        name = (found["address"] or found["name"]).lower()
        if name in self._names or name.endswith(self._endings) or (self._is_everywhere and _is_address(name)):
            return
        raise ProblemError(421, "this service does not go by that name; --allow-host allows it")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
