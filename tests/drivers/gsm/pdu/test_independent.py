"""Our octets read by somebody else's decoder, and theirs by ours.

python-messaging reads only what comes and writes only what goes; both carry text alike: one is made of the other.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.gsm.pdu.alphabet import BASIC
from drivers.gsm.pdu.message import Deliver, Submit, decode, encode_submit
from drivers.gsm.pdu.split import split, text_of

theirs = pytest.importorskip("messaging.sms", reason="python-messaging is not installed")
TO = "+50680000001"
STAMP = "62112190030042"
PLAIN = "".join(char for char in BASIC if char.isprintable() and char != "@") + "{}[]~^\\|€"
TEXTS = st.text(st.sampled_from(PLAIN), min_size=1, max_size=400) | st.text(
    st.sampled_from(PLAIN + "áéíóúÁÉÍÓÚ«»—日本"), min_size=1, max_size=300
)


def as_it_comes(line: str) -> str:
    """A message as the other side's modem hands it over: no reference, no validity, a stamp."""
    first = int(line[2:4], 16)
    address = line[6 : 10 + (int(line[6:8], 16) + 1) // 2 * 2]
    rest = line[6 + len(address) :]
    return f"00{0x04 | first & 0x40:02X}{address}{rest[:4]}{STAMP}{rest[4:]}"


@settings(max_examples=60)
@given(TEXTS)
def test_they_read_what_we_write(text: str) -> None:
    lines = [encode_submit(Submit(to=TO, body=body))[0] for body in split(text, 77)]
    read = [theirs.SmsDeliver(as_it_comes(line)).data for line in lines]
    assert {each["number"] for each in read} == {TO}
    assert "".join(each["text"] for each in read) == text


@settings(max_examples=60)
@given(TEXTS)
def test_we_read_what_they_write(text: str) -> None:
    read = [decode(as_it_comes(pdu.pdu)) for pdu in theirs.SmsSubmit(TO, text).to_pdu()]
    assert all(isinstance(each, Deliver) and each.sender == TO for each in read)
    assert text_of(each.body for each in read) == text  # type: ignore[union-attr]
