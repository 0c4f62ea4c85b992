"""Delimited text (.csv, .txt) as a grid, streamed from the disk: separator, quotes and encoding found by themselves."""

import csv
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from app.contacts.imports.bad_file import BadFile
from app.contacts.imports.encodings import encoding_of
from app.contacts.imports.grid import LIMIT_ROWS, Block, Grid

SEPARATORS = ";\t,|"
SAMPLE_LINES = 200
LONGEST_CELL = 32_767  # as in a workbook
MOST_LINES_IN_CELL = 40  # beyond this a quote was opened and never closed
MOST_COLUMNS = 1_000

_SAID = re.compile(r"sep=([;,|\t:])\s*\Z", re.IGNORECASE)


class DelimitedGrid(Grid):
    """One pass at opening counts rows and checks the quotes; each later pass streams."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.encoding = encoding_of(path)
        self.skip, self.separator = self._sniff()
        self.quoted = True
        if not self._is_well_quoted():
            self._choose()

    def _sniff(self) -> tuple[int, str]:
        """(lines to skip, separator)."""
        with self._open() as file:
            sample = list(itertools.islice(file, SAMPLE_LINES))
        if sample and (said := _SAID.match(sample[0])):
            return 1, said[1]
        return 0, max(SEPARATORS, key=lambda separator: evenness(sample, separator))

    def _open(self) -> TextIO:
        return self.path.open(encoding=self.encoding, errors="replace", newline="")

    def _is_well_quoted(self) -> bool:
        """Measure, and see whether every quote that opens also closes where a cell ends."""
        try:
            return self._measure(strict=True)
        except csv.Error:
            return False

    def _choose(self) -> None:
        """Some quote is wrong. If reading without quotes gives more rows as wide as most, those had been swallowed."""
        is_whole = self._measure()
        usual, rows = max(self.widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        self.quoted = False
        self._measure()
        if is_whole and self.widths[usual] <= rows:
            self.quoted = True
            self._measure()

    def _measure(self, *, strict: bool = False) -> bool:
        """Count rows and columns. False when a cell has eaten its neighbours."""
        self.widths: Counter[int] = Counter()
        for row in self._rows(strict=strict):
            self.widths[len(row)] += 1
            if self.quoted and swollen(row):
                return False
            if self.widths[len(row)] > LIMIT_ROWS + 1:
                break
        self.height = self.widths.total()
        if self.height > LIMIT_ROWS + 1:
            raise BadFile("too_many_rows", limit=LIMIT_ROWS)
        self.width = min(max(self.widths, default=0), MOST_COLUMNS)
        return True

    def _rows(self, *, strict: bool = False) -> Iterator[list[str]]:
        csv.field_size_limit(2**31 - 1)
        with self._open() as file:
            lines = (line.replace("\0", "") for line in itertools.islice(file, self.skip, None))
            if self.quoted:
                yield from csv.reader(lines, delimiter=self.separator, strict=strict)
            else:
                yield from self._by_hand(lines)

    def _by_hand(self, lines: Iterator[str]) -> Iterator[list[str]]:
        """Quotes are broken: one line is one row, and quotes are only decoration."""
        for row in csv.reader(lines, delimiter=self.separator, quoting=csv.QUOTE_NONE):
            yield [cell.strip().strip('"').replace('""', '"') for cell in row]

    def blocks(self, start: int, size: int) -> Iterator[Block]:
        rows = itertools.islice(self._rows(), start, None)
        for first in itertools.count(start, size):
            taken = list(itertools.islice(rows, size))
            if not taken:
                return
            yield Block(first, self._columns(taken))

    def _columns(self, rows: list[list[str]]) -> list[list[str]]:
        rows[0] = (rows[0] + [""] * self.width)[: self.width]
        columns = itertools.islice(itertools.zip_longest(*rows, fillvalue=""), self.width)
        return [list(map(str.strip, column)) for column in columns]


def swollen(row: list[str]) -> bool:
    """Whether a cell has eaten its neighbours."""
    return any(len(cell) > LONGEST_CELL or cell.count("\n") > MOST_LINES_IN_CELL for cell in row)


def evenness(sample: list[str], separator: str) -> float:
    """How much this separator makes a table of the lines: the share of rows of the same width, wider is better."""
    widths = Counter(len(row) for row in csv.reader(sample, delimiter=separator) if any(row))
    rows = widths.total()
    width, count = max(widths.items(), key=lambda item: (item[0] > 1, item[1]), default=(1, 0))
    return (count / rows) * min(width, 9) ** 0.5 if width > 1 else 0.0
