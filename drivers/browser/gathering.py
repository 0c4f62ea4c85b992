"""Rows from a page and the pages after it."""

from collections.abc import Callable
from typing import Any

from drivers.browser.ground import Ground
from drivers.browser.page import Broken, Missing, Seen
from drivers.browser.steps import ListOf, Table
from drivers.browser.tables import TooBig, read_table
from drivers.browser.values import Kind, value
from drivers.contract import N_

ROWS_MAX = 200_000
Row = dict[str, Any]
NO_COLUMN = N_("Paso %(step)s (%(verb)s): la tabla no tiene la columna «%(column)s». Tiene: %(known)s.")
TOO_MANY = N_("Paso %(step)s (%(verb)s): hay más páginas que el límite. Suba «pages».")
TOO_BIG = N_("Paso %(step)s (%(verb)s): la tabla es demasiado grande.")
SAME = N_("Paso %(step)s (%(verb)s): la página siguiente no llega.")
BAD_VALUE = N_("Paso %(step)s (%(verb)s): «%(column)s» dice algo que no se puede leer como %(kind)s.")


def table(run: Ground, what: Table) -> list[Row]:
    """Raises Broken rather than bring home a part."""

    def one() -> tuple[str, list[Row]]:
        html = run.on(what.from_, run.page.html)
        return html, _rows(run, html, what)

    return _paged(run, one, lambda: run.page.html(what.from_), what.next, what.pages)


def _rows(run: Ground, html: str, what: Table) -> list[Row]:
    try:
        grid = read_table(html)
    except TooBig:
        raise Broken(TOO_BIG) from None
    names = grid.header() if grid.rows else []
    missing = next((c for c in what.columns if c not in names), None)
    if missing is not None and grid.rows:
        raise Broken(NO_COLUMN, column=missing, known=", ".join(names))
    kinds: dict[str, Kind] = what.columns or dict.fromkeys(names, "text")
    return [_typed(run, dict(zip(names, cells, strict=True)), kinds) for cells in grid.body()]


def _typed(run: Ground, cells: dict[str, str], kinds: dict[str, Kind]) -> Row:
    recipe = run.job.recipe
    row: Row = {}
    for column, kind in kinds.items():
        try:
            row[column] = value(run.safe(cells[column]), kind, decimal=recipe.decimal, dates=recipe.dates)
        except ValueError:
            raise Broken(BAD_VALUE, column=column, kind=kind) from None
    return row


def items(run: Ground, what: ListOf) -> list[Row]:
    names, places = list(what.take), list(what.take.values())
    kinds: dict[str, Kind] = {name: what.types.get(name, "text") for name in names}

    def one() -> tuple[str, list[Row]]:
        run.until(lambda: bool(run.page.items(what.each, places)))
        found = run.page.items(what.each, places)
        return repr(found), [_typed(run, dict(zip(names, each, strict=True)), kinds) for each in found]

    return _paged(run, one, lambda: repr(run.page.items(what.each, places)), what.next, what.pages)


def _paged(
    run: Ground, one: Callable[[], tuple[str, list[Row]]], look: Callable[[], str], following: str, pages: int
) -> list[Row]:
    """`look` tells whether the page after a click is another one."""
    rows: list[Row] = []
    for turn in range(1, pages + 1):
        before, found = one()
        rows += found
        if len(rows) > ROWS_MAX:
            raise Broken(TOO_BIG)
        if not following or not _more(run, following):
            return rows
        if turn < pages:
            _turn(run, following, before, look)
    raise Broken(TOO_MANY)


def _more(run: Ground, following: str) -> bool:
    return run.page.look([following])[0] is Seen.VISIBLE and not run.page.disabled(following)


def _turn(run: Ground, following: str, before: str, look: Callable[[], str]) -> None:
    run.on(following, run.page.click)

    def changed() -> bool:
        try:
            return look() != before
        except Missing:
            return run.watch()  # between two pages

    try:
        run.until(changed)
    except Missing:
        raise Broken(SAME) from None
