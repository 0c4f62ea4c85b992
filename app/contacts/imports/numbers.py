"""A column of phones at once: the plain ones by the bulk path, the odd cells one by one."""

from collections import defaultdict
from collections.abc import Iterator

from app.contacts.imports.candidates import Address
from app.contacts.imports.nothing import means_nothing
from app.contacts.phones import BadPhone, Phone, Sifted, normalise_many, sift

Regions = list[str | None]
Found = tuple[int, Phone | BadPhone]


def addresses_of(
    channel: str, cells: list[str], regions: Regions, home: str | None
) -> Iterator[tuple[int, Address | str]]:
    """(row index, address or the sentence that says why a piece of the cell is none), for the filled cells.

    `regions` holds the country of each row; a number that is none there is tried in the office's own, `home`.
    """
    for i, found in looked_up(cells, regions):
        if type(found) is Phone and not found.extension:
            yield i, Address(channel, found.e164, found.operator or "")
        elif not means_nothing(cells[i]):
            yield from ((i, one) for one in by_hand(channel, cells[i], regions[i], home))


def looked_up(cells: list[str], regions: Regions) -> Iterator[Found]:
    """The bulk path, one call for each country in the block."""
    by_region: dict[str | None, list[int]] = defaultdict(list)
    for i, cell in enumerate(cells):
        if cell:
            by_region[regions[i]].append(i)
    for region, rows in by_region.items():
        yield from zip(rows, normalise_many([cells[i] for i in rows], region), strict=True)


def by_hand(channel: str, cell: str, region: str | None, home: str | None) -> Iterator[Address | str]:
    """Several numbers, extensions, words between: everything that the cell holds, and why the rest is no number."""
    sifted = sift(cell, region)
    if not sifted.phones and region != home:
        sifted = _better(sift(cell, home), sifted)
    for phone in sifted.phones:
        label = f"ext. {phone.extension}" if phone.extension else ""
        yield Address(channel, phone.e164, phone.operator or "", label)
    for piece, refusal in sifted.refused:
        yield f"«{piece[:60]}»: {refusal.sentence}"


def _better(one: Sifted, other: Sifted) -> Sifted:
    return one if one.phones else other
