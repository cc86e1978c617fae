"""Who may talk to the pages below /live/, and who counts as sitting at the server."""

import pytest

from ui.lecture.addresses import for_other_devices, machine_addresses, network_addresses, public_url
from ui.lecture.guard import Tries, at_the_server, host_allowed, origin_allowed, own_names

NAMES = frozenset({"localhost", "laptop", "laptop.local", "dmf.example.org"})
PROXIES_ADD = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Via")


@pytest.mark.parametrize(
    "host", ["localhost:8501", "127.0.0.1", "192.168.0.17:8501", "[::1]:8501", "LAPTOP.local:80", "dmf.example.org"]
)
def test_this_machine_is_answered(host: str) -> None:
    assert host_allowed(host, NAMES)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8501", "localhost.evil.example", "", "a b", "[", "192.168.0.17.evil.example"]
)
def test_a_foreign_name_is_not_answered(host: str) -> None:
    assert not host_allowed(host, NAMES)


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://192.168.0.17:8501", True),
        ("https://192.168.0.17:8501", True),
        ("https://dmf.example.org", True),
        ("http://192.168.0.17", False),
        ("http://evil.example", False),
        ("http://192.168.0.17:8501.evil.example", False),
        ("null", False),
        ("http://[", False),
        ("", False),
        (None, False),
        ("file://192.168.0.17:8501", False),
    ],
)
def test_only_our_own_pages_open_sockets(origin: str | None, allowed: bool) -> None:
    assert origin_allowed(origin, "192.168.0.17:8501", "https://dmf.example.org") is allowed


@pytest.mark.parametrize(
    ("caller", "headers", "public", "allowed"),
    [
        (None, {"Host": "localhost:8501"}, "", True),
        ("::ffff:192.168.1.7", {"host": "localhost:8501"}, "", False),
        ("::ffff:127.0.0.1", {"host": "127.0.0.1:8501"}, "", True),  # on a server of both kinds of addresses
        ("127.0.0.1", {"Host": "127.0.0.1:8501", "Origin": "http://127.0.0.1:8501"}, "", True),
        ("::1", {"Host": "[::1]:8501"}, "", True),
        ("192.168.0.20", {"Host": "localhost:8501"}, "", False),
        (None, {"Host": "192.168.0.17:8501"}, "", False),
        (None, {}, "", False),
        (None, {"Host": "localhost:8501", "Origin": "https://dmf.example.org"}, "", False),
        (None, {"Host": "localhost:8501", "Origin": "http://["}, "", False),
        (None, {"Host": "localhost:8501", "Origin": "http://localhost:3000"}, "", False),  # another program's page
        (None, {"Host": "localhost:8501", "Origin": "null"}, "", False),  # a frame without an origin, or a file
        *((None, {"Host": "localhost:8501", name: "10.0.0.1"}, "", False) for name in PROXIES_ADD),
        (None, {"Host": "localhost:8501"}, "https://dmf.example.org", False),
    ],
)
def test_only_the_computer_of_the_server_needs_no_token(
    caller: str | None, headers: dict[str, str], public: str, allowed: bool
) -> None:
    assert at_the_server(caller, headers, public) is allowed


def test_codes_are_tried_so_often_in_a_minute() -> None:
    now = [0.0]
    tries = Tries(most=3, clock=lambda: now[0])
    for _ in range(3):
        assert tries.allowed("a")
        tries.note("a")
    assert not tries.allowed("a") and tries.allowed("b")
    now[0] = 61
    assert tries.allowed("a")


def test_the_address_for_the_audience_is_never_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DMF_PUBLIC_URL", raising=False)
    assert not any(number.startswith("127.") for number in machine_addresses())
    assert network_addresses(8501, bound="127.0.0.1") == network_addresses(8501, bound="localhost") == []
    assert network_addresses(8501, "/dmf/", bound="10.0.0.5") == ["http://10.0.0.5:8501/dmf"]
    for own in ("http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"):  # as deploy/compose.yaml until it is set
        monkeypatch.setenv("DMF_PUBLIC_URL", own)
        assert public_url() == own and network_addresses(8501) == []


def test_page_of_this_computer_has_the_address_that_other_devices_reach() -> None:
    ours, lab = ["http://10.0.0.5:8501/dmf", "http://10.0.0.6:8501/dmf"], "http://lab.example:8501/dmf/map?seed=3"
    for host in ("localhost", "127.0.0.1", "[::1]", "0.0.0.0"):
        assert for_other_devices(f"http://{host}:8501/dmf/map?seed=3", ours, "dmf") == "http://10.0.0.5:8501/dmf/map?seed=3"
    assert for_other_devices("http://localhost:8501/", ["https://dmf.example.org/lab"]) == "https://dmf.example.org/lab/"
    assert for_other_devices(lab, ours, "dmf") == lab
    assert for_other_devices("http://localhost:8501/dmf/", [], "dmf") == "http://localhost:8501/dmf/"


def test_a_public_address_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DMF_PUBLIC_URL", "https://dmf.example.org/lab/")
    assert network_addresses(8501, bound="127.0.0.1") == ["https://dmf.example.org/lab"]
    assert "dmf.example.org" in own_names(public_url())
    monkeypatch.setenv("DMF_PUBLIC_URL", "javascript:alert(1)")
    assert public_url() == ""
    monkeypatch.setenv("DMF_PUBLIC_URL", "http://[")
    assert public_url() == ""
