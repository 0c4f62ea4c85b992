"""AMI on the wire: packets in any pieces, and no way to write a second line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.telephony.packets import PACKET_MAX, Decoder, Garbled, encode, parse, version

LETTERS = st.characters(min_codepoint=32, blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029")
PRINTABLE = st.text(LETTERS, max_size=60)
PLAIN = PRINTABLE.filter(lambda v: v == v.lstrip(" "))


def test_it_works() -> None:
    wire = b"Response: Success\r\nActionID: 1\r\nOutput: a: b\r\nOutput: c\r\n\r\nEvent: X\r\n\r\n"
    first, second = Decoder().feed(wire)
    assert (first["response"], first["actionid"], first.all("output")) == ("Success", "1", ["a: b", "c"])
    assert (second["event"], second["nothing"], "event" in second) == ("X", "", True)


@given(st.lists(PLAIN, min_size=1, max_size=6), st.lists(st.integers(1, 40), max_size=30))
def test_what_is_written_is_read_however_it_is_cut(values: list[str], cuts: list[int]) -> None:
    wire = b"".join(encode("Test", [("Variable", v), ("Variable", "again")]) for v in values)
    decoder, packets = Decoder(), []
    for cut in [*cuts, len(wire)]:
        packets += decoder.feed(wire[:cut])
        wire = wire[cut:]
    assert [p.all("variable") for p in packets] == [[v, "again"] for v in values]


@given(PRINTABLE, st.sampled_from("\r\n\x00\x0b\x0c\x1c\x1e\x85\u2028\u2029"), PRINTABLE)
def test_no_value_becomes_a_second_line(before: str, end: str, after: str) -> None:
    with pytest.raises(ValueError):
        encode("Originate", [("Exten", before + end + after)])


@pytest.mark.parametrize("key", ["", "A B", "A:", "A\r\nSecret", "Á", "1A"])
def test_no_key_holds_anything_but_a_name(key: str) -> None:
    with pytest.raises(ValueError):
        encode("Ping", [(key, "x")])


def test_a_value_that_would_be_cut_off_is_refused() -> None:
    with pytest.raises(ValueError):
        encode("Originate", [("Variable", "ñ" * 451)])


@given(st.lists(st.binary(max_size=200), max_size=20))
def test_any_bytes_are_survived(pieces: list[bytes]) -> None:
    decoder = Decoder()
    for piece in pieces:
        for packet in decoder.feed(piece):
            assert isinstance(packet["event"], str)


def test_a_flood_without_an_end_is_no_exchange() -> None:
    with pytest.raises(Garbled):
        list(Decoder().feed(b"x" * (PACKET_MAX + 1)))


def test_the_first_value_of_a_key_counts() -> None:
    """What somebody slips in behind cannot replace what the exchange said."""
    assert parse(b"Event: Hangup\r\nEvent: Newchannel")["event"] == "Hangup"


def test_the_greeting_tells_the_version() -> None:
    assert version(b"Asterisk Call Manager/9.0.0\r\n") == 9
    assert version(b"Asterisk Call Manager/1.1\r\n") == 1


@pytest.mark.parametrize("line", [b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 400 Bad Request\r\n", b"\r\n"])
def test_another_greeting_is_somebody_else(line: bytes) -> None:
    with pytest.raises(Garbled):
        version(line)
