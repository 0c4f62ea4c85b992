"""Links hold a number and nothing else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.telephony.links import dialled, is_host, link, prefixed


def test_it_works() -> None:
    assert link("+506 8000-0001") == "tel:+50680000001"
    assert link("(55) 8000.0001", "callto") == "callto:5580000001"
    assert link("201", "sip", "pbx.example:5060") == "sip:201@pbx.example:5060;user=phone"
    assert link("*21#") == "tel:*21%23"
    assert link("\u202a+506\u00a08000\u20110001\u202c") == "tel:+50680000001"


@given(st.text(max_size=60), st.sampled_from(["tel", "sip", "callto"]))
def test_any_text_is_a_safe_link_or_refused(number: str, scheme: str) -> None:
    try:
        href = link(number, scheme, "pbx.example")  # type: ignore[arg-type]
    except ValueError:
        return
    assert re.fullmatch(r"(tel|callto):\+?([0-9*]|%23)+|sip:\+?([0-9*]|%23)+@pbx\.example;user=phone", href)


@pytest.mark.parametrize(
    "number",
    ["", "+", "*#", "javascript:alert(1)", "8000;ext=1", "8000?x", "800 o 900", "80000001\r\nX: y", "٣٤٥٦", "1" * 41],
)
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(ValueError):
        dialled(number)


@pytest.mark.parametrize("domain", ["", "a b", "-a", "a@b", "a;b", "a/b", "a:0", "[::1", "[x]", "[::1]:x", "é.example"])
def test_what_is_no_domain_is_refused(domain: str) -> None:
    with pytest.raises(ValueError):
        link("201", "sip", domain)


def test_domains_and_addresses() -> None:
    assert all(map(is_host, ("pbx.example", "10.0.0.2:5060", "[fe80::1]", "[fe80::1]:5061")))


def test_a_prefix_takes_the_plus_away() -> None:
    assert prefixed("9", "+50680000001") == "90050680000001"
    assert prefixed("", "+50680000001") == "+50680000001"
    assert prefixed("9", "80000001") == "980000001"
