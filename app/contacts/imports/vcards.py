"""Contact cards (.vcf, vCard 2.1, 3.0 and 4.0) as a grid with one row per card.

Format: RFC 2426 (3.0), RFC 6350 (4.0); 2.1 brings quoted-printable with soft line breaks.
"""

import quopri
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from app.contacts.imports.bad_file import BadFile
from app.contacts.imports.encodings import encoding_of
from app.contacts.imports.grid import LIMIT_ROWS, ListGrid

HEADER = (
    "Nombre", "Empresa", "Teléfono", "WhatsApp", "Correo", "Observaciones", "Etiquetas", "Cargo", "Dirección",
    "Fecha de nacimiento", "Sitio web",
)  # fmt: skip

_PROPERTY = re.compile(r"(?:[\w-]+\.)?([A-Za-z][\w-]*)((?:;(?:[^:\";]|\"[^\"]*\")*)*):(.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\([\\;,:nN])")
_UNESCAPED_SEMICOLON = re.compile(r"(?<!\\);")
_CHARSET = re.compile(r"charset=\"?([\w-]+)", re.IGNORECASE)


class Property(msgspec.Struct):
    """One line of a card, decoded but still escaped: parts are separated by bare semicolons."""

    name: str
    parameters: str
    value: str

    def text(self) -> str:
        return unescaped(self.value)

    def parts(self) -> list[str]:
        return [unescaped(part) for part in _UNESCAPED_SEMICOLON.split(self.value)]


def grid(path: Path) -> ListGrid:
    """A header row and one row per card, without the columns that no card fills. Raises BadFile."""
    with path.open(encoding=encoding_of(path), errors="replace", newline=None) as file:
        rows = [HEADER, *(row(card) for card in cards(file))]
    if len(rows) == 1:
        raise BadFile("no_cards")
    if len(rows) > LIMIT_ROWS:
        raise BadFile("too_many_rows", limit=LIMIT_ROWS)
    filled = [column for column in zip(*rows, strict=True) if any(column[1:])]
    if not filled:
        raise BadFile("empty")
    return ListGrid(list(zip(*filled, strict=True)))


def cards(lines: Iterable[str]) -> Iterator[list[Property]]:
    """Each card's properties. A card that is cut off at the end still counts; text outside cards does not."""
    card: list[Property] | None = None
    for found in filter(None, map(property_of, unfolded(lines))):
        edge = (found.name, found.value.strip().upper())
        if edge == ("BEGIN", "VCARD"):
            if card:
                yield card
            card = []
        elif edge == ("END", "VCARD"):
            if card is not None:
                yield card
            card = None
        elif card is not None:
            card.append(found)
    if card:
        yield card


def unfolded(lines: Iterable[str]) -> Iterator[str]:
    """Whole properties: a line that begins with a space, or follows a soft break, goes on the one before."""
    whole = ""
    for raw in lines:
        line = raw.rstrip("\r\n")
        if whole.endswith("=") and is_quoted_printable(whole):
            whole += "\n" + line
        elif line[:1] in (" ", "\t") and whole:
            whole += line[1:]
        else:
            yield whole
            whole = line
    yield whole


def is_quoted_printable(line: str) -> bool:
    return "QUOTED-PRINTABLE" in line.partition(":")[0].upper()


def property_of(line: str) -> Property | None:
    found = _PROPERTY.match(line)
    if not found:
        return None
    name, parameters, value = found.groups()
    if is_quoted_printable(line):
        value = from_quoted_printable(value, parameters)
    return Property(name.upper(), parameters.upper(), value)


def from_quoted_printable(value: str, parameters: str) -> str:
    declared = _CHARSET.search(parameters)
    data = quopri.decodestring(value.encode("utf-8", "replace"))
    try:
        return data.decode(declared[1] if declared else "utf-8")
    except (UnicodeDecodeError, LookupError):
        return data.decode("cp1252", "replace")


def unescaped(value: str) -> str:
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()


def row(card: list[Property]) -> tuple[str, ...]:
    """A card's texts in the order of HEADER; several phones or e-mails share a cell."""
    by_name: dict[str, list[Property]] = defaultdict(list)
    for found in card:
        by_name[found.name].append(found)
    phones, chats = telephones(by_name)
    told = {name: [p.text() for p in by_name[name]] for name in ("EMAIL", "NOTE", "CATEGORIES", "TITLE", "BDAY", "URL")}
    return (
        name_of(by_name), organisation(by_name), phones, chats,
        joined(mail.removeprefix("mailto:") for mail in told["EMAIL"]), "\n".join(filter(None, told["NOTE"])),
        joined(told["CATEGORIES"]), joined(told["TITLE"]), joined(address(p) for p in by_name["ADR"]),
        joined(told["BDAY"]), joined(told["URL"]),
    )  # fmt: skip


def joined(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(filter(None, texts)))


def name_of(card: dict[str, list[Property]]) -> str:
    """The formatted name; else the parts: prefix, given, additional, family, suffix; else the nickname."""
    if full := joined(p.text() for p in card["FN"][:1]):
        return full
    parts = (card["N"][0].parts() if card["N"] else []) + [""] * 5
    family, given, additional, prefix, suffix = parts[:5]
    whole = " ".join(filter(None, (prefix, given, additional, family, suffix)))
    return whole or joined(p.text() for p in card["NICKNAME"][:1])


def organisation(card: dict[str, list[Property]]) -> str:
    return ", ".join(filter(None, card["ORG"][0].parts())) if card["ORG"] else ""


def address(place: Property) -> str:
    return ", ".join(filter(None, place.parts()))


def telephones(card: dict[str, list[Property]]) -> tuple[str, str]:
    """(phones without the faxes, WhatsApp numbers)."""
    phones, chats = [], [p.text().removeprefix("whatsapp:") for p in card["X-WHATSAPP"]]
    for found in card["TEL"]:
        number = found.text().removeprefix("tel:")
        if "WHATSAPP" in found.parameters:
            chats.append(number)
        elif not ("FAX" in found.parameters and "VOICE" not in found.parameters):
            phones.append(number)
    return joined(phones), joined(chats)
