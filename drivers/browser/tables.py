"""A table of a page as rows: rowspan and colspan filled in, headers named, tables inside cells kept out."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from drivers.browser.values import tidy

SPAN_MAX = 1000  # what HTML allows for colspan
CELLS_MAX = 1_000_000
SILENT = frozenset({"script", "style", "template", "noscript"})
BREAKS = frozenset({"br", "p", "div", "li", "tr"})


class TooBig(ValueError):
    """More cells than any page that people read."""


@dataclass(slots=True)
class Cell:
    """One cell as it is written."""

    header: bool
    across: int
    down: int  # 0: to the end of its part of the table
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return tidy("".join(self.parts))


@dataclass(slots=True)
class Grid:
    """Rows of equal length. `heads`: how many of them, from the top, are headers."""

    rows: list[list[str]]
    heads: int

    def header(self) -> list[str]:
        """A name for each column, all different; that of several header rows is their different texts in order."""
        width = len(self.rows[0]) if self.rows else 0
        columns = [[row[n] for row in self.rows[: self.heads]] for n in range(width)]
        return _unique([" ".join(dict.fromkeys(filter(None, c))) or f"columna {n}" for n, c in enumerate(columns, 1)])

    def body(self) -> list[list[str]]:
        return self.rows[self.heads :]


def _unique(names: list[str]) -> list[str]:
    seen: set[str] = set()
    found = []
    for name in names:
        n, fresh = 2, name
        while fresh in seen:
            fresh, n = f"{name} {n}", n + 1
        seen.add(fresh)
        found.append(fresh)
    return found


def read_table(html: str) -> Grid:
    """The outermost table of a piece of HTML. Never raises but for TooBig: browsers write what they like."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return _laid_out(reader.parts)


class _Reader(HTMLParser):
    """`parts`: per thead, tbody or tfoot its rows of cells."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[list[list[Cell]]] = []
        self._depth = 0  # of tables
        self._silent = 0
        self._cell: Cell | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
        elif tag in SILENT:
            self._silent += 1
        elif self._depth == 1:
            self._open(tag, dict(attrs))
        if tag in BREAKS and self._cell:
            self._cell.parts.append(" ")

    def _open(self, tag: str, said: dict[str, str | None]) -> None:
        if tag in ("thead", "tbody", "tfoot"):
            self.parts.append([])
            self._cell = None
        elif tag == "tr":
            self._part().append([])
            self._cell = None
        elif tag in ("td", "th"):
            if not self._part():
                self._part().append([])
            self._cell = Cell(tag == "th", max(1, _number(said.get("colspan"))), _number(said.get("rowspan")))
            self._part()[-1].append(self._cell)

    def _part(self) -> list[list[Cell]]:
        if not self.parts:
            self.parts.append([])
        return self.parts[-1]

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._depth = max(0, self._depth - 1)
        elif tag in SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in ("td", "th", "tr") and self._depth == 1:
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None and self._depth == 1 and not self._silent:
            self._cell.parts.append(data)


def _number(said: str | None) -> int:
    digits = (said or "1").strip()
    return min(int(digits), SPAN_MAX) if digits.isascii() and digits.isdigit() else 1


def _laid_out(parts: list[list[list[Cell]]]) -> Grid:
    rows: list[list[str]] = []
    heads, leading = 0, True
    for part in parts:
        for cells, texts in zip(part, _part_rows(part), strict=True):
            leading = leading and bool(cells) and all(c.header for c in cells)
            heads += leading
            rows.append(texts)
    width = max(map(len, rows), default=0)
    if width * len(rows) > CELLS_MAX:
        raise TooBig
    return Grid([row + [""] * (width - len(row)) for row in rows if row], heads)


def _part_rows(part: list[list[Cell]]) -> list[list[str]]:
    """A cell that reaches down fills the rows below; it never leaves its part of the table."""
    held: dict[int, tuple[int, str]] = {}  # column -> rows still to fill, text
    found, count = [], 0
    for n, cells in enumerate(part):
        row = _row(cells, held, len(part) - n)
        count += len(row)
        if count > CELLS_MAX:
            raise TooBig
        found.append(row)
    return found


def _row(cells: list[Cell], held: dict[int, tuple[int, str]], left: int) -> list[str]:
    row: dict[int, str] = {}
    for column, (more, text) in list(held.items()):
        row[column] = text
        if more > 1:
            held[column] = (more - 1, text)
        else:
            del held[column]
    at = 0
    for cell in cells:
        while at in row:
            at += 1
        for column in range(at, at + cell.across):
            row[column] = cell.text
            down = min(cell.down or left, left)
            if down > 1:
                held[column] = (down - 1, cell.text)
        at += cell.across
    return [row.get(column, "") for column in range(max(row, default=-1) + 1)]
