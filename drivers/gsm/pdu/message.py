"""Whole messages: what we send (SMS-SUBMIT), what comes (SMS-DELIVER), what became of it (SMS-STATUS-REPORT).

3GPP TS 23.040, 9.2.2. As modems write them: hexadecimal, the service centre's address in front.
"""

from datetime import datetime

import msgspec

from drivers.gsm.pdu.address import encode_address, encode_centre, read_address, read_centre
from drivers.gsm.pdu.coding import Alphabet, alphabet_of, class_of, coding
from drivers.gsm.pdu.header import Header, decode_header, encode_header
from drivers.gsm.pdu.octets import Malformed, Reader, from_hex
from drivers.gsm.pdu.septets import pack, unpack
from drivers.gsm.pdu.split import Body
from drivers.gsm.pdu.stamp import decode_stamp

DELIVER, SUBMIT, STATUS_REPORT = 0, 1, 2
UDHI = 0x40
SILENT = 0x40  # protocol identifier of a type 0 message: acknowledged, never shown (9.2.3.9)


class Submit(msgspec.Struct, frozen=True, kw_only=True):
    """One part to send. `validity`: the octet of 9.2.3.12.1; None leaves it to the centre."""

    to: str
    body: Body
    report: bool = True
    validity: int | None = None
    kind: int | None = None  # class; 0 is flash
    centre: str = ""


class Deliver(msgspec.Struct, frozen=True, kw_only=True):
    """One part that came."""

    sender: str
    body: Body
    at: datetime | None = None
    pid: int = 0
    kind: int | None = None
    centre: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the part with reference `ref`. `status` is the octet of 9.2.3.15."""

    ref: int
    to: str
    status: int
    sent_at: datetime | None = None
    at: datetime | None = None


def encode_submit(submit: Submit) -> tuple[str, int]:
    """The line and the length for AT+CMGS, which does not count the centre's octets."""
    body = submit.body
    header = encode_header(body.header)
    first = SUBMIT | (UDHI if header else 0) | (0x20 if submit.report else 0)
    first |= 0 if submit.validity is None else 0x10
    length, octets = _user_data(body, header)
    tpdu = bytes((first, 0)) + encode_address(submit.to) + bytes((0, coding(body.alphabet, submit.kind)))
    tpdu += b"" if submit.validity is None else bytes((submit.validity,))
    tpdu += bytes((length,)) + octets
    return (encode_centre(submit.centre) + tpdu).hex().upper(), len(tpdu)


def _user_data(body: Body, header: bytes) -> tuple[int, bytes]:
    """TP-UDL (septets or octets, the header included) and TP-UD."""
    if body.alphabet != "gsm7":
        return len(header) + len(body.data), header + body.data
    fill = -len(header) * 8 % 7
    return (len(header) * 8 + fill) // 7 + len(body.data), header + pack(body.data, fill)


def decode(line: str, length: int | None = None) -> Deliver | Report:
    """What a modem hands over. `length`: of the message without the centre, as announced; tells a missing centre.

    Raises Malformed.
    """
    octets = from_hex(line)
    reader = Reader(octets)
    centre = "" if length == len(octets) else read_centre(reader)
    first = reader.octet()
    if first & 3 == DELIVER:
        return _deliver(reader, centre, bool(first & UDHI))
    if first & 3 == STATUS_REPORT:
        return _report(reader)
    raise Malformed("it is not something that came")


def _deliver(reader: Reader, centre: str, has_header: bool) -> Deliver:
    sender, pid, dcs = read_address(reader), reader.octet(), reader.octet()
    at = decode_stamp(reader.take(7))
    body = _body(alphabet_of(dcs), reader.octet(), reader.rest(), has_header)
    return Deliver(sender=sender, body=body, at=at, pid=pid, kind=class_of(dcs), centre=centre)


def _body(alphabet: Alphabet, length: int, octets: bytes, has_header: bool) -> Body:
    skip = octets[0] + 1 if has_header and octets else 0
    header = decode_header(octets[1:skip]) if skip else Header()
    if alphabet != "gsm7":
        return Body(alphabet=alphabet, data=octets[skip:length], header=header)
    fill = -skip * 8 % 7
    septets = unpack(octets[skip:], length - (skip * 8 + fill) // 7, fill)
    return Body(alphabet=alphabet, data=septets, header=header)


def _report(reader: Reader) -> Report:
    ref, to = reader.octet(), read_address(reader)
    sent_at, at = decode_stamp(reader.take(7)), decode_stamp(reader.take(7))
    return Report(ref=ref, to=to, status=reader.octet(), sent_at=sent_at, at=at)
