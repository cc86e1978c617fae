"""Addresses at which other devices reach this machine; no outside server is contacted."""

import contextlib
import ipaddress
import os
import socket
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit, urlunsplit

VARIABLE = "DMF_PUBLIC_URL"
TOWARDS = ("10.255.255.255", "172.31.255.255", "192.168.255.255", "203.0.113.1")  # connecting a UDP socket sends nothing


def public_url() -> str:
    """The address in DMF_PUBLIC_URL without a slash at its end; empty where it is no http address."""
    text = os.environ.get(VARIABLE, "").strip().rstrip("/")
    parts = split_address(text)
    return text if parts is not None and parts.scheme in ("http", "https") and parts.hostname else ""


def split_address(text: str) -> SplitResult | None:
    """None of what is no address, such as "http://[", which anybody may send."""
    try:
        return urlsplit(text)
    except ValueError:
        return None


def machine_addresses() -> list[str]:
    """IPv4 addresses of this machine but for loopback, private ones first."""
    numbers: dict[str, None] = {}
    for target in TOWARDS:
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect((target, 9))
            numbers[probe.getsockname()[0]] = None
    with contextlib.suppress(OSError):
        for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET):
            numbers[str(entry[4][0])] = None
    usable = [number for number in numbers if _usable(number)]
    return sorted(usable, key=lambda number: not ipaddress.ip_address(number).is_private)


def network_addresses(port: int, path: str = "", secure: bool = False, bound: str = "") -> list[str]:
    """Addresses of the application for other devices, the best first, without a slash at their ends.

    `path`: below which it is served. `bound`: the one address that the server listens at; empty for all.
    None where DMF_PUBLIC_URL is an address of this computer alone, as that of deploy/compose.yaml is until it is set: in a
    container the machine's own addresses are reached by nobody.
    """
    if public_url() and not reachable(public_url()):
        return []
    given = [public_url()] if public_url() else []
    everywhere = bound in ("", "0.0.0.0", "::")
    numbers = machine_addresses() if everywhere else [bound] if _usable(bound) else []
    scheme, base = ("https" if secure else "http"), f"/{path.strip('/')}" if path.strip("/") else ""
    return given + [f"{scheme}://{number}:{port}{base}" for number in numbers]


def for_other_devices(url: str, addresses: Sequence[str], path: str = "") -> str:
    """The same page at the first of these addresses where `url` is one of this computer alone, else `url`.

    `path`: below which the application is served.
    """
    parts = urlsplit(url)
    if not addresses or reachable(url):
        return url
    base = f"/{path.strip('/')}" if path.strip("/") else ""
    page = urlunsplit(("", "", parts.path.removeprefix(base), parts.query, ""))
    return f"{addresses[0]}{page}"


def reachable(url: str) -> bool:
    """False for an address that means this computer alone, and on a phone the phone."""
    return _usable(urlsplit(url).hostname or "")


def _usable(number: str) -> bool:
    try:
        address = ipaddress.ip_address(number)
    except ValueError:
        return number not in ("", "localhost") and not number.endswith(".localhost")
    return not (address.is_loopback or address.is_unspecified or address.is_link_local)
