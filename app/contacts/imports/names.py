"""Names and companies of a block of rows."""

from collections.abc import Iterable, Iterator
from itertools import repeat

from app.contacts.imports.columns import Mapping
from app.contacts.imports.nothing import PLAINLY

_UNEVEN = ("  ", "\t", "\n", "\r", "\xa0", "\u2003")


def cleaned(cells: list[str]) -> list[str]:
    """One space between words, no line breaks, "" for ``N/A``."""
    together = "|".join(cells)  # one search through a block instead of thousands
    if any(mark in together for mark in _UNEVEN):
        cells = [" ".join(cell.split()) for cell in cells]
    return ["" if cell.lower() in PLAINLY else cell for cell in cells]


def companies(mapping: Mapping, columns: list[list[str]]) -> Iterable[str]:
    index = mapping.one("company")
    return repeat("") if index is None else cleaned(columns[index])


def names(mapping: Mapping, columns: list[list[str]]) -> Iterable[str]:
    """The whole name, put together from its parts where the file keeps them apart."""
    parts = [i for target in ("name", "first_name", "last_name") for i in mapping.of(target)]
    if not parts:
        return repeat("")
    if len(parts) == 1:
        return cleaned(columns[parts[0]])
    return joined(cleaned(columns[i]) for i in parts)


def joined(parts: Iterable[list[str]]) -> Iterator[str]:
    """A part that an earlier one already says is not repeated (``Ana Mora`` | ``Mora``)."""
    for row in zip(*parts, strict=True):
        whole = ""
        for part in row:
            if part and f" {part.lower()} " not in f" {whole.lower()} ":
                whole = f"{whole} {part}" if whole else part
        yield whole[:200]
