"""A table of texts, whatever file it came from."""

from abc import ABC, abstractmethod
from collections.abc import Iterator

import msgspec

LIMIT_ROWS = 1_000_000
HEAD_ROWS = 260


class Block(msgspec.Struct, gc=False):
    """Some rows, column by column. `first` is the index of the first of them, from 0 at the file's top."""

    first: int
    columns: list[list[str]]

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    def rows(self) -> list[tuple[str, ...]]:
        return list(zip(*self.columns, strict=True))


class Grid(ABC):
    """What every kind of file becomes. Cells are stripped texts, "" for nothing; every row has `width` cells."""

    width: int
    height: int
    size_bytes = 0  # of memory, where the whole table is in it and was dear to read

    @abstractmethod
    def blocks(self, start: int, size: int) -> Iterator[Block]:
        """From row `start` to the end; may be asked for again and again."""

    def head(self) -> list[tuple[str, ...]]:
        """The first rows, to look at."""
        return next((block.rows() for block in self.blocks(0, HEAD_ROWS)), [])


class ListGrid(Grid):
    """Rows that are already in memory."""

    def __init__(self, rows: list[tuple[str, ...]]) -> None:
        self.listed = rows
        self.width = len(rows[0]) if rows else 0
        self.height = len(rows)

    def blocks(self, start: int, size: int) -> Iterator[Block]:
        for first in range(start, self.height, size):
            columns = zip(*self.listed[first : first + size], strict=True)
            yield Block(first, [list(column) for column in columns])
