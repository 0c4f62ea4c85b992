"""A column of phones at once: the plain ones by the bulk path, the odd cells one by one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from app.contacts import phone_text
from app.contacts.addresses import LABEL_MAX
from app.contacts.imports.candidates import Address
from app.contacts.imports.nothing import means_nothing
from app.contacts.phones import Phone, Sifted, normalise_many, plain_many, sift

Regions = list[str | None]


class Remark(msgspec.Struct, frozen=True):
    """A cell whose words say more than a label holds: it goes to the notes as it is."""

    cell: str


def addresses_of(
    channel: str, cells: list[str], regions: Regions, home: str | None
) -> Iterator[tuple[int, Address | Remark | str]]:
    """(row index, address, remark, or the sentence that says why a piece of the cell is no number), for filled cells.

    `regions` holds the country of each row; a number that is none there is tried in the office's own, `home`.
    """
    for region, rows in _by_region(cells, regions).items():
        plain = plain_many([cells[i] for i in rows], region)
        for i, found in zip(rows, plain, strict=True):
            if found:
                yield i, Address(channel, found[0], found[1] or "")
            else:
                yield from ((i, one) for one in _looked_at(channel, cells[i], region, home))


def _by_region(cells: list[str], regions: Regions) -> dict[str | None, list[int]]:
    """The rows of filled cells of each country in the block."""
    by_region: dict[str | None, list[int]] = defaultdict(list)
    for i, cell in enumerate(cells):
        if cell:
            by_region[regions[i]].append(i)
    return by_region


def _looked_at(channel: str, cell: str, region: str | None, home: str | None) -> Iterable[Address | Remark | str]:
    [found] = normalise_many([cell], region)
    if type(found) is Phone and not found.extension and not phone_text.remark(cell):
        return [Address(channel, found.e164, found.operator or "")]
    return () if means_nothing(cell) else by_hand(channel, cell, region, home)


def by_hand(channel: str, cell: str, region: str | None, home: str | None) -> Iterator[Address | Remark | str]:
    """Several numbers, extensions, words between: everything that the cell holds, and why the rest is no number."""
    sifted = sift(cell, region)
    if not sifted.phones and region != home:
        sifted = _better(sift(cell, home), sifted)
    words = phone_text.remark(cell) if sifted.phones and not sifted.refused else ""
    label = words if len(sifted.phones) == 1 and len(words) < LABEL_MAX - len(" ext. 1234567") else ""
    for phone in sifted.phones:
        extension = f"ext. {phone.extension}" if phone.extension else ""
        yield Address(channel, phone.e164, phone.operator or "", f"{label} {extension}".strip())
    if words and not label:
        yield Remark(cell)
    for piece, refusal in sifted.refused:
        yield f"«{piece[:60]}»: {refusal.sentence}"


def _better(one: Sifted, other: Sifted) -> Sifted:
    return one if one.phones else other
