"""Who may talk to the pages below /live/: names of this machine, the page itself, and not too many codes tried. Pure."""

import ipaddress
import socket
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from dmf_core import limits
from ui.lecture.addresses import split_address

MINUTE = 60.0  # seconds in which codes that no room has are counted
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
ADDRESSES = 10_000  # that are remembered at once


def own_names(public_url: str = "") -> frozenset[str]:
    """Names, without ports, under which this machine may be called; numbers are allowed besides."""
    name = socket.gethostname().lower()
    public = _hostname(public_url) or ""
    return frozenset({"localhost", name, f"{name}.local", public} - {""})


def host_allowed(host: str, names: frozenset[str]) -> bool:
    """A number, or a name of this machine: a foreign name that points here is not answered (DNS rebinding)."""
    hostname = _hostname(f"//{host}")
    if hostname is None:
        return False
    try:
        ipaddress.ip_address(hostname)
    except ValueError:
        return hostname in names
    return True


def origin_allowed(origin: str | None, host: str, public_url: str = "") -> bool:
    """A socket is opened by a page of ours only. A browser always sends its origin; nothing else needs the socket."""
    parts = split_address(origin or "")
    if parts is None or parts.scheme not in ("http", "https"):
        return False
    allowed = {host.lower()} | ({urlsplit(public_url).netloc.lower()} if public_url else set())
    return parts.netloc.lower() in allowed


def is_loopback(host: str) -> bool:
    """True for this computer; ::ffff:127.0.0.1 is how a server of both kinds of addresses sees 127.0.0.1."""
    hostname = _hostname(f"//{host}")
    try:
        address = ipaddress.ip_address(hostname or "")
    except ValueError:
        return hostname == "localhost"
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def at_the_server(caller: str | None, headers: Mapping[str, str], public_url: str = "") -> bool:
    """True where a page is seen on the computer of the server itself: then no token is needed to open rooms.

    `caller`: the other end of the connection; None or loopback for this computer. Behind a proxy everybody seems to be there,
    so a header that proxies add, a foreign host or origin, or a DMF_PUBLIC_URL counts as another computer.
    """
    named = {name.lower(): value for name, value in headers.items()}
    if public_url or any(name in named for name in FORWARDED) or (caller is not None and not is_loopback(_bracketed(caller))):
        return False
    host = named.get("host", "")
    return is_loopback(host) and ("origin" not in named or origin_allowed(named["origin"], host))


class Tries:
    """How many codes of no room an address has tried in the last minute."""

    def __init__(self, most: int = limits.LECTURE_TRIES, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._tries: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def allowed(self, address: str) -> bool:
        began, count = self._tries.get(address, (0.0, 0))
        return count < self._most or self._clock() - began > MINUTE

    def note(self, address: str) -> None:
        now = self._clock()
        began, count = self._tries.pop(address, (now, 0))
        self._tries[address] = (began, count + 1) if now - began <= MINUTE else (now, 1)
        while len(self._tries) > ADDRESSES:
            self._tries.popitem(last=False)


def _bracketed(number: str) -> str:
    return f"[{number}]" if ":" in number and not number.startswith("[") else number


def _hostname(address: str) -> str | None:
    parts = split_address(address)
    name = parts.hostname if parts is not None else None
    return name.lower() if name else None
