"""Messages as octets: the examples of the standard and of real modems, and any octets at all."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.gsm.pdu.address import encode_address, is_number, read_address
from drivers.gsm.pdu.coding import alphabet_of, class_of, coding
from drivers.gsm.pdu.header import Header, decode_header, encode_header
from drivers.gsm.pdu.message import Deliver, Report, Submit, decode, encode_submit
from drivers.gsm.pdu.octets import Malformed, Reader
from drivers.gsm.pdu.split import Body, split, text_of
from drivers.gsm.pdu.stamp import decode_stamp, encode_validity
from tests.drivers.gsm.pdu.network import deliver, encode_stamp, report

TO = "+50680000001"
NUMBERS = st.from_regex(r"\+?[0-9*#]{1,20}", fullmatch=True)


def test_it_works() -> None:
    line, length = encode_submit(Submit(to=TO, body=split("Hola")[0]))
    assert (line, length) == ("0021000B910586000000F1000004C8373B0C", 17)


def test_class_validity_centre_and_no_report() -> None:
    sent = Submit(to="2222", body=split("Sí")[0], report=False, validity=167, kind=0, centre="+50680000099")
    line, length = encode_submit(sent)
    assert line == "07910586000090F9" + "1100048122220018A704005300ED"
    assert length == 14


def test_a_message_as_a_modem_hands_it_over() -> None:
    got = decode("07910586000090F9040B910586000000F1000062112112340542" + "04C8373B0C")
    assert isinstance(got, Deliver)
    assert (got.sender, got.centre, text_of([got.body])) == (TO, "+50680000099", "Hola")
    assert got.at == datetime(2026, 11, 12, 21, 43, 50, tzinfo=timezone(timedelta(hours=6)))


@given(st.text(max_size=400), NUMBERS, st.booleans(), st.sampled_from(["keep", "simplify", "spanish"]))
def test_any_text_goes_out_and_comes_back(text: str, sender: str, wide: bool, accents: str) -> None:
    text = text.encode("utf-16", "replace").decode("utf-16")
    parts = split(text, 300, wide=wide, accents=accents)  # type: ignore[arg-type]
    came = [decode(deliver(sender, part, datetime(2026, 11, 21, tzinfo=UTC))) for part in parts]
    assert all(isinstance(part, Deliver) and part.sender == sender for part in came)
    if accents != "simplify":
        assert text_of(part.body for part in came) == text  # type: ignore[union-attr]
    assert [part.body.header.seq for part in came] == ([0] if len(parts) == 1 else list(range(1, len(parts) + 1)))  # type: ignore[union-attr]


@given(st.binary(max_size=200), st.none() | st.integers(0, 200))
def test_any_octets_are_a_message_or_malformed(octets: bytes, length: int | None) -> None:
    try:
        got = decode(octets.hex(), length)
    except Malformed:
        return
    assert isinstance(got, Deliver | Report)
    if isinstance(got, Deliver):
        text_of([got.body]).encode()


@given(st.text(max_size=60))
def test_any_line_is_a_message_or_malformed(line: str) -> None:
    try:
        decode(line)
    except Malformed:
        return


def test_a_report_with_and_without_the_centres_address() -> None:
    sent = datetime(2026, 11, 21, 10, 0, 0, tzinfo=timezone(timedelta(hours=-6)))
    whole = report(17, TO, 0x30, sent)
    wanted = Report(ref=17, to=TO, status=0x30, sent_at=sent.astimezone(UTC), at=sent.astimezone(UTC))
    assert decode("00" + whole) == wanted
    assert decode(whole, len(whole) // 2) == wanted


@given(NUMBERS)
def test_numbers_come_back(number: str) -> None:
    assert is_number(number)
    assert read_address(Reader(encode_address(number))) == number


@pytest.mark.parametrize("name", ["Kölbi", "ICE", "BANCO1", "Promo 2x1", "12345678901", "{[€"])
def test_names_of_senders_come_back(name: str) -> None:
    assert read_address(Reader(encode_address(name))) == name


@pytest.mark.parametrize("nonsense", ["", "más", "demasiado largo"])
def test_what_is_neither_number_nor_name_is_refused(nonsense: str) -> None:
    with pytest.raises(Malformed):
        encode_address(nonsense)


@given(st.integers(86_400, 3_150_000_000), st.integers(-79, 79))
def test_stamps_keep_the_instant_in_any_zone(seconds: int, quarters: int) -> None:
    zone = timezone(quarters * timedelta(minutes=15))
    there = (datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(zone)
    assert decode_stamp(encode_stamp(there)) == there.astimezone(UTC)


@given(st.binary(min_size=7, max_size=7))
def test_an_impossible_date_is_no_date(octets: bytes) -> None:
    at = decode_stamp(octets)
    assert at is None or at.tzinfo is UTC


def decode_validity(octet: int) -> int:
    """Minutes, as 23.040 9.2.3.12.1 counts them."""
    if octet <= 143:
        return (octet + 1) * 5
    if octet <= 167:
        return 12 * 60 + (octet - 143) * 30
    return (octet - 166) * 24 * 60 if octet <= 196 else (octet - 192) * 7 * 24 * 60


@given(st.floats(5, 63 * 7 * 24 * 60))
def test_validity_is_never_longer_than_asked(minutes: float) -> None:
    got = decode_validity(encode_validity(minutes))
    assert got <= minutes
    assert got > minutes * 0.47


@given(st.binary(max_size=140))
def test_any_header_is_survived(octets: bytes) -> None:
    header = decode_header(octets)
    assert 0 <= header.seq <= header.total


@given(st.integers(0, 255), st.integers(2, 255), st.booleans(), st.none() | st.tuples(*[st.integers(0, 65535)] * 2))
def test_headers_come_back(ref: int, total: int, wide: bool, ports: tuple[int, int] | None) -> None:
    header = Header(ref=ref, total=total, seq=total // 2 + 1, wide=wide, ports=ports, language=2)
    assert decode_header(encode_header(header)[1:]) == header


def test_codings_of_all_groups() -> None:
    seen = {dcs: (alphabet_of(dcs), class_of(dcs)) for dcs in range(256)}
    assert seen[0x08] == ("ucs2", None)
    assert seen[0x10] == ("gsm7", 0)
    assert seen[0x19] == ("ucs2", 1)
    assert seen[0x04] == seen[0x44] == ("data", None)
    assert seen[0xF5] == ("data", 1)
    assert seen[0xF0] == ("gsm7", 0)
    assert seen[0xC8] == seen[0xD0] == ("gsm7", None)
    assert seen[0xE0] == ("ucs2", None)
    assert coding("ucs2", 0) == 0x18


def test_a_message_for_an_application_keeps_its_ports() -> None:
    body = Body(alphabet="data", data=b"\x01\x06", header=Header(ports=(2948, 9200)))
    got = decode(deliver(TO, body, datetime(2026, 1, 1, tzinfo=UTC)))
    assert isinstance(got, Deliver)
    assert (got.body.header.ports, got.body.data) == ((2948, 9200), b"\x01\x06")
