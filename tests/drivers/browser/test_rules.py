"""Where a browser may go."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.browser.rules import Rules


def test_it_works() -> None:
    rules = Rules(["crm.example", "*.cdn.example", "otro.example:8443"])
    assert rules.name("CRM.example.", 443)
    assert rules.name("a.b.cdn.example", 80)
    assert rules.name("otro.example", 8443)
    assert not rules.name("crm.example", 8080)
    assert not rules.name("otro.example", 443)


@pytest.mark.parametrize(
    "host", ["cdn.example", "xcdn.example", "crm.example.malo.example", "acrm.example", "", "crm", "127.0.0.1", "[::1]"]
)
def test_a_name_that_only_looks_alike(host: str) -> None:
    assert not Rules(["crm.example", "*.cdn.example"]).name(host, 443)


@pytest.mark.parametrize(
    "ip",
    ["127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1", "::",
     "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "255.255.255.255",
     "240.0.0.1"],
)  # fmt: skip
def test_no_name_leads_into_somebodys_house(ip: str) -> None:
    assert not Rules(["crm.example"]).address(ip)


def test_public_addresses_and_permission() -> None:
    assert Rules([]).address("93.184.216.34")
    assert Rules([]).address("2606:2800:220:1::1")
    assert Rules([], private=True).address("192.168.1.1")
    assert not Rules([], private=True).address("0.0.0.0")


@given(st.ip_addresses(v=4).filter(lambda ip: not ip.is_global))
def test_a_private_address_is_seen_through_every_disguise(ip: ipaddress.IPv4Address) -> None:
    rules = Rules([])
    for disguised in (f"::ffff:{ip}", str(ipaddress.IPv6Address(int(ipaddress.IPv6Address("64:ff9b::")) + int(ip)))):
        assert not rules.address(disguised)


@pytest.mark.parametrize("entry", ["https://crm.example", "crm.example/x", "a b", "*", "*.*.x", "user@crm.example"])
def test_an_entry_that_is_no_host_is_named(entry: str) -> None:
    with pytest.raises(ValueError) as wrong:
        Rules([entry])
    assert str(wrong.value) == entry


def test_cookies_of_allowed_hosts_alone() -> None:
    rules = Rules(["www.crm.example"])
    assert all(map(rules.cookie, ("www.crm.example", ".crm.example")))
    assert not any(map(rules.cookie, ("otro.example", ".otro.example", "a.www.crm.example")))


def test_names_in_other_letters() -> None:
    assert Rules(["peña.example"]).name("xn--pea-8ma.example", 443)
    assert Rules(["xn--pea-8ma.example"]).name("PEÑA.example", 443)
