"""Where the table begins: title rows, logos and blank lines stand above many headers, and some files have none."""

import re
from collections import Counter

import msgspec

from app.contacts.imports.columns import by_title
from app.contacts.imports.emails import EMAIL
from app.contacts.imports.folding import folded
from app.contacts.imports.synonyms import VAGUE_TITLES

LOOK_ROWS = 40
BELOW_ROWS = 25
LONGEST_TITLE = 60

_DATA = re.compile(r"[-+()\d .,/:$₡%]*\d[-+()\d .,/:$₡%]*")


class Top(msgspec.Struct, frozen=True):
    """`row` is the header's index or None; data begin at `start`."""

    row: int | None
    start: int


def find(head: list[tuple[str, ...]]) -> Top:
    """Judge the first rows of a grid."""
    rows = head[:LOOK_ROWS]
    known = [known_titles(row) for row in rows]
    best = max(range(len(rows)), key=lambda i: (known[i], -i), default=0)
    if rows and known[best] and fits(rows[best], head[best + 1 :], known[best]):
        return Top(best, best + 1)
    unknown = first_full(head)
    if unknown is None:
        return Top(None, 0)
    return Top(unknown, unknown + 1) if names_columns(head, unknown) else Top(None, unknown)


def known_titles(row: tuple[str, ...]) -> int:
    """How many cells are column titles that we know; 0 when the row holds data."""
    cells = [cell for cell in row if cell]
    if any(map(is_data, cells)):
        return 0
    return sum(bool(by_title(cell)[0]) for cell in cells if len(cell) <= LONGEST_TITLE)


def is_data(cell: str) -> bool:
    """A number, a date, an e-mail: nothing that stands in a header. Years and short numbers do."""
    return len(cell) > 4 and bool(_DATA.fullmatch(cell) or EMAIL.fullmatch(cell))


def fits(row: tuple[str, ...], below: list[tuple[str, ...]], known: int) -> bool:
    """A header names most columns of its table: "Lista de clientes" above four columns is a title, not a header."""
    width = usual_width(below)
    named = sum(map(bool, row))
    return named >= min(2, width) if known > 1 else named >= max(1, (width + 1) // 2)


def usual_width(rows: list[tuple[str, ...]]) -> int:
    """How many filled cells a row of this table has."""
    counts = Counter(n for row in rows[:BELOW_ROWS] if (n := sum(map(bool, row))))
    return max(counts.items(), key=lambda item: (item[1], item[0]), default=(0, 0))[0]


def first_full(head: list[tuple[str, ...]]) -> int | None:
    """The first row that is about as full as the rows under it; a lone title above is not."""
    width = usual_width(head)
    return next((i for i, row in enumerate(head) if sum(map(bool, row)) > width // 2), None)


def names_columns(head: list[tuple[str, ...]], at: int) -> bool:
    """Whether a row of unknown words is a header: all short and different, over cells of another nature."""
    row, below = head[at], [r for r in head[at + 1 : at + 1 + BELOW_ROWS] if any(r)]
    titles = [cell for cell in row if cell]
    if not below or any(map(is_data, titles)) or len(set(titles)) < len(titles):
        return False
    if any(len(title) > LONGEST_TITLE for title in titles):
        return False
    if all(folded(title) in VAGUE_TITLES for title in titles):
        return True
    return any(is_other_nature(row[i], [r[i] for r in below]) for i in range(len(row)) if row[i])


def is_other_nature(title: str, cells: list[str]) -> bool:
    """Words over numbers or e-mails."""
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(map(is_data, filled)) > len(filled) * 0.6 and not any(char.isdigit() for char in title)
