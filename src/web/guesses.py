"""The service: how often somebody may be wrong about the token."""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable

# After so many at once, one more comes free in a while.
AT_ONCE = 10
SECONDS_EACH = 6.0
# What is known of more addresses than this is forgotten, oldest first.
MOST_ADDRESSES = 10_000


class Guesses:
    """Counts wrong tokens of each address.

    Parameters
    ----------
    clock : callable
        Gives the time, in seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        # Until when all that an address has guessed counts.
        self._until: OrderedDict[str, float] = OrderedDict()

    def wait(self, address: str) -> float:
        """Return the seconds until this address may try a token; 0 for now."""
        ahead = self._until.get(_network(address), 0.0) - self._clock()
        return max(0.0, ahead - (AT_ONCE - 1) * SECONDS_EACH)

    def count(self, address: str) -> None:
        """Count a wrong token."""
        network = _network(address)
        self._until[network] = max(self._until.pop(network, 0.0), self._clock()) + SECONDS_EACH
        if len(self._until) > MOST_ADDRESSES:
            self._until.popitem(last=False)


def _network(address: str) -> str:
    """Return what one person has: whoever has an IPv6 address has 2^64 of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((int(parsed), 64), strict=False))
