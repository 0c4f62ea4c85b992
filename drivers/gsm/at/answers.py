"""What is in the lines of an answer (3GPP TS 27.005, 27.007). Tolerant of quotes, spaces and missing fields."""

import re

import msgspec

from drivers.gsm.at.notices import name_of

FIELD = re.compile(r'(?:[^,"]|"[^"]*"?)+|^(?=,)|(?<=,)(?=,|$)')
REGISTERED = {1: "home", 5: "roaming", 6: "home", 7: "roaming", 9: "home", 10: "roaming", 3: "denied", 2: "searching"}
CARD_NUMBER = re.compile(r"\d{17,20}[\dA-F]?", re.IGNORECASE)
READ, UNREAD = 1, 0
TEXT_STATES = {"REC UNREAD": UNREAD, "REC READ": READ}


class Stored(msgspec.Struct, frozen=True):
    """A message in a memory. `head`: the fields after the index, `body`: octets as hexadecimal, or text."""

    index: int
    received: bool
    head: tuple[str, ...]
    body: str

    @property
    def length(self) -> int | None:
        return number(self.head[-1]) if self.head else None


class Leg(msgspec.Struct, frozen=True):
    """A line of +CLCC. `state`: 0 active, 1 held, 2 dialling, 3 alerting, 4 incoming, 5 waiting."""

    index: int
    incoming: bool
    state: int
    number: str


def parts_of(line: str) -> list[str]:
    """Fields after the name, without quotes or brackets; a missing last quote is forgiven."""
    return [field.strip(' "()') for field in FIELD.findall(line.partition(":")[2].strip())]


def number(text: str) -> int | None:
    text = text.strip()
    return int(text[:9]) if text.isascii() and text.isdigit() else None


def numbers(line: str) -> list[int | None]:
    return [number(part) for part in parts_of(line)]


def named(lines: tuple[str, ...], *names: str) -> str:
    """The first line of that name, or ""."""
    return next((line for line in lines if name_of(line) in names), "")


def signal(lines: tuple[str, ...]) -> int | None:
    """dBm from +CSQ: -113 + 2 x rssi; None when the modem does not know (99)."""
    said = numbers(named(lines, "+CSQ"))
    rssi = said[0] if said else None
    return -113 + 2 * rssi if rssi is not None and rssi <= 31 else None


def registration(line: str) -> str:
    """home, roaming, denied, searching or none; of an answer and of a notice."""
    said = [number(part.strip('"')) for part in parts_of(line)]
    asked = len(said) > 1 and len(parts_of(line)[1]) == 1
    state = said[1] if asked else said[0] if said else None
    return REGISTERED.get(state if state is not None else -1, "none")


def reference(lines: tuple[str, ...]) -> int | None:
    """Of +CMGS, 0 to 255."""
    said = numbers(named(lines, "+CMGS"))
    return said[0] & 0xFF if said and said[0] is not None else None


def card(lines: tuple[str, ...]) -> str:
    """The SIM's own number (ICCID), in whichever way it is written; "" when it is not told."""
    for line in lines:
        said = _swapped(line.rpartition(",")[2].strip('" ')) if name_of(line) == "+CRSM" else line
        found = CARD_NUMBER.search(said.replace('"', ""))
        if found:
            return found[0].upper().rstrip("F")
    return ""


def _swapped(octets: str) -> str:
    """Half octets as a SIM keeps them: 98 is 89."""
    return "".join(octets[at : at + 2][::-1] for at in range(0, len(octets), 2))


def serial_number(lines: tuple[str, ...]) -> str:
    """The IMEI: 15 digits."""
    found = re.search(r"(?<!\d)\d{15}(?!\d)", " ".join(lines))
    return found[0] if found else ""


def stored(lines: tuple[str, ...], index: int | None = None) -> list[Stored]:
    """Messages of +CMGL, or the one of +CMGR whose index was asked."""
    found: list[Stored] = []
    for line in lines:
        if name_of(line) in ("+CMGL", "+CMGR"):
            fields = parts_of(line)
            at = index if index is not None else number(fields.pop(0) if fields else "")
            if at is not None:
                found.append(Stored(at, _received(fields), tuple(fields), ""))
        elif found:
            last = found[-1]
            found[-1] = Stored(last.index, last.received, last.head, f"{last.body}\n{line}" if last.body else line)
    return found


def _received(fields: list[str]) -> bool:
    """Came from somebody: neither written here nor a template."""
    said = fields[0] if fields else ""
    return said in TEXT_STATES or number(said) in (UNREAD, READ)


def memories(lines: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The memories that +CPMS=? offers for reading, for writing, for receiving."""
    groups = re.findall(r"\(([^()]*)\)", named(lines, "+CPMS"))
    return [tuple(re.findall(r'"([^"]+)"', group)) for group in groups]


def filling(lines: tuple[str, ...]) -> tuple[int, int] | None:
    """(used, total) of the memory read from: +CPMS: 3,20,... or +CPMS: "SM",3,20,..."""
    said = [n for n in numbers(named(lines, "+CPMS")) if n is not None]
    return (said[0], said[1]) if len(said) >= 2 else None


def index_of(line: str) -> tuple[str, int | None]:
    """Memory and index of +CMTI and +CDSI."""
    fields = parts_of(line)
    return (fields[0], number(fields[1])) if len(fields) > 1 else ("", None)


def legs(lines: tuple[str, ...]) -> list[Leg]:
    found = []
    for line in lines:
        fields = parts_of(line)
        if name_of(line) != "+CLCC" or len(fields) < 4:
            continue
        index, way, state, mode = (number(field) for field in fields[:4])
        if index is not None and state is not None and mode == 0:  # a voice call
            found.append(Leg(index, way == 1, state, plain(fields[5]) if len(fields) > 5 else ""))
    return found


def plain(text: str) -> str:
    """A number or name that the modem may have written as UCS-2 in hexadecimal (AT+CSCS="UCS2")."""
    read = from_ucs2(text)
    return read if read and read.isprintable() and max(read) < "\u0180" else text


def from_ucs2(text: str) -> str:
    """The text behind hexadecimal UCS-2; "" when it is none."""
    try:
        return bytes.fromhex(text).decode("utf-16-be")
    except ValueError:
        return ""
