"""One page of a list: one query, keyset, the same rules for the screen, the API, exports and bulk edits."""

from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.sql.expression import bindparam, tuple_

from app.contacts import searching
from app.contacts.conditions import Bound, condition, conditions_of
from app.contacts.cursor import Cursor, decode, encode
from app.contacts.filters import Filters
from app.contacts.folding import sort_key
from app.contacts.models import Contact
from app.contacts.rows import Page, Row, Slips, plain, raw_slip, slip, slip_columns
from app.contacts.shape import ORDERS, Order, Shape
from app.contacts.ways import (
    GATHERED,
    GATHERING,
    NEWEST,
    by_hit,
    read_from,
    search_conditions,
    sooner,
    whole_way,
)
from app.contacts.wide import column_of, wide_columns, wide_row
from app.frame.actor import Actor
from app.frame.db import Database
from app.frame.instant import from_micros
from app.frame.reader import Prepared, Sooner

PAGE = 50
COUNT_MAX = 10_000
COLUMNS = (
    "id", "name", "company", "phone", "email", "status_id", "tags", "owner_id", "team_id", "country", "provenance",
    "blocked", "version", "custom", "created_at", "updated_at", "last_contacted_at", "is_company",
)  # fmt: skip


def _columns(shape: Shape) -> list[ColumnElement[Any]]:
    if shape.kind == "wide":
        return wide_columns(shape.dialect)
    if shape.kind == "part":
        return [column_of(name, shape.dialect) for name in shape.fields]
    if shape.kind == "slip":
        return slip_columns(_sort_column(ORDERS[shape.sort]), shape.dialect)
    return [getattr(Contact, name) for name in COLUMNS]


def _sort_column(order: Order) -> Any:
    return getattr(Contact, order.column)


BUILDS: dict[str, Any] = {"row": Row, "wide": wide_row, "slip": slip, "part": tuple}
SQLITE_BUILDS = BUILDS | {"slip": raw_slip}


@lru_cache(maxsize=2000)
def prepared(shape: Shape) -> Prepared:
    builds = SQLITE_BUILDS if shape.dialect == "sqlite" else BUILDS
    return Prepared(lambda: _statement(shape), builds[shape.kind], short=not shape.terms)


def _statement(shape: Shape) -> Select[Any]:
    order = ORDERS[shape.sort]
    where = [*_where(shape), *_after(order, shape)]
    source = read_from(shape, select(*_columns(shape)), None if by_hit(shape) else NEWEST)
    return source.where(and_(true(), *where)).order_by(*_ordering(order, shape)).limit(bindparam("limit"))


def _where(shape: Shape) -> list[ColumnElement[bool]]:
    return [*(condition(name) for name in shape.names), *search_conditions(shape)]


def _ordering(order: Order, shape: Shape) -> list[Any]:
    if by_hit(shape):
        return [searching.sqlite_source(shape.terms).c.rowid.desc()]
    if shape.way == GATHERING:
        return [GATHERED]
    column = _sort_column(order)
    first = column.desc() if order.down else column.asc()
    if order.empty:
        first = first.nulls_last()
    if order.column == "id":
        return [first]
    return [first, Contact.id.desc() if order.down else Contact.id.asc()]


def _after(order: Order, shape: Shape) -> list[ColumnElement[bool]]:
    """first: no cursor; after: past a value; ties: the rest of those that share it; past: what follows these;
    empty: among rows that have none."""
    column, phase = _sort_column(order), shape.phase
    past_id: Any = bindparam("past_id")
    beyond = Contact.id < past_id if order.down else Contact.id > past_id
    if phase == "first":
        return []
    if phase.startswith("empty"):
        return [column.is_(None)] + ([beyond] if phase == "empty-after" else [])
    past: Any = bindparam("past", type_=column.type)
    if phase == "ties":
        return [column == past, beyond]
    if phase == "past":
        return [column < past if order.down else column > past]
    if by_hit(shape):
        return [searching.sqlite_source(shape.terms).c.rowid < past_id]
    if order.column == "id":
        return [beyond]
    here, there = tuple_(column, Contact.id), tuple_(past, past_id)
    return [here < there if order.down else here > there]


class Lister:
    """Lists contacts for one actor and filter; `wide` rows carry everything (WideRow)."""

    def __init__(
        self, database: Database, actor: Actor, filters: Filters, timezone: str, *, wide: bool = False
    ) -> None:
        self.database = database
        self.kind = "wide" if wide else "row"
        self.found = searching.terms(filters.q)
        self.filters = filters
        self.sort = _effective_sort(filters, bool(self.found))
        self.bound: Bound = conditions_of(filters, actor, timezone)

    def _shape(self, phase: str, kind: str = "row", *, way: str = "") -> Shape:
        found, dialect = self.found, self.database.dialect
        counts = len(found.fragments), len(found.beginnings)
        way = way or whole_way(dialect, self.sort, found)
        return Shape(dialect, tuple(self.bound), *counts, self.sort, phase, kind, way=way)

    def _way(self) -> str:
        """The way to try first."""
        return sooner(self.database.dialect, self.sort, self.found)

    @property
    def values(self) -> dict[str, Any]:
        values = {name: value for bound in self.bound.values() for name, value in bound.items()}
        return values | searching.parameters(self.found, self.database.dialect)

    def whole(self, fields: tuple[str, ...]) -> Prepared:
        """These columns (app/contacts/wide.py) of the list without pages, for what reads all of it elsewhere.

        Takes `values` and a `limit`.
        """
        return prepared(msgspec.structs.replace(self._shape("first", "part"), fields=fields))

    @property
    def question(self) -> tuple[Any, ...]:
        """Equal for everybody who asks the same with the same reach, whatever the order."""
        return tuple(self.bound), tuple(sorted(self.values.items(), key=lambda pair: pair[0]))

    async def page(self, after: str = "", limit: int = PAGE) -> Page:
        """One page. Raises Refused for a cursor of another list."""
        rows = await self._rows(decode(after, self.sort) if after else None, limit + 1, self.kind)
        if len(rows) <= limit:
            return Page(rows, None)
        order, last = ORDERS[self.sort], rows[limit - 1]
        return Page(rows[:limit], self._cursor(last.id, last.id if order.column == "id" else _key(last, order.column)))

    async def slips(self, after: str = "", limit: int = PAGE) -> Slips:
        """The same page, for who keeps rows that did not change."""
        rows = await self._rows(decode(after, self.sort) if after else None, limit + 1, "slip")
        if len(rows) <= limit:
            return Slips(rows, None)
        return Slips(rows[:limit], self._cursor(rows[limit - 1].id, rows[limit - 1].past))

    async def _rows(self, cursor: Cursor | None, limit: int, kind: str) -> list[Any]:
        order = ORDERS[self.sort]
        if cursor is None:
            return await self._fetch("first", limit, kind)
        if order.empty and cursor.value is None:
            return await self._fetch("empty-after", limit, kind, past_id=cursor.id)
        rows = await self._rows_after(order, cursor, limit, kind)
        if order.empty and len(rows) < limit:
            rows += await self._fetch("empty", limit - len(rows), kind)
        return rows

    async def _rows_after(self, order: Order, cursor: Cursor, limit: int, kind: str) -> list[Any]:
        """SQLite cannot look up (value, id) pairs in an index where id is its own row number: it would walk through
        everything that shares the value, an import's thousands. So it is asked for the two parts of the answer."""
        past = _past(order, cursor)
        if self.database.dialect == "postgresql" or self.found or not past:
            return await self._fetch("after", limit, kind, past_id=cursor.id, **past)
        rows = await self._fetch("ties", limit, kind, past_id=cursor.id, **past)
        if len(rows) < limit:
            rows += await self._fetch("past", limit - len(rows), kind, **past)
        return rows

    async def _fetch(self, phase: str, limit: int, kind: str, **given: Any) -> list[Any]:
        found, way = prepared(self._shape(phase, kind)), self._way()
        first = Sooner(prepared(self._shape(phase, kind, way=way)), lambda rows: len(rows) >= limit) if way else None
        return await self.database.reader.fetch(found, sooner=first, limit=limit, **self.values, **given)

    def _cursor(self, row_id: int, value: Any) -> str:
        return encode(Cursor(self.sort, plain(value), row_id))

    @property
    def count_max(self) -> int:
        """How far a count goes: a common word is not worth counting exactly."""
        return COUNT_MAX // 10 if self.found else COUNT_MAX

    async def count(self, most: int | None = None) -> int:
        """How many there are; `most` (or `count_max`) + 1 means more than that."""
        most = most or self.count_max
        way = self._way()
        first = Sooner(_counting(self._shape("first", way=way), most), lambda rows: rows[0] > most) if way else None
        found = _counting(self._shape("first"), most)
        rows = await self.database.reader.fetch(found, sooner=first, **self.values)
        return int(rows[0])

    async def ids(self, most: int) -> list[int]:
        """The ids of the whole filter, for what is done to all of it."""
        return await self.database.reader.fetch(_identifying(self._shape("first")), limit=most, **self.values)


def _effective_sort(filters: Filters, searching_now: bool) -> str:
    """A search shows the newest matches first unless an order was asked for."""
    return "-created" if searching_now and not filters.sort else filters.order


def _past(order: Order, cursor: Cursor) -> dict[str, Any]:
    if order.column == "id":
        return {}
    value: Any = cursor.value
    return {"past": from_micros(value) if order.instant else value}


def _key(row: Row, column: str) -> Any:
    return sort_key(row.name) if column == "name_key" else getattr(row, column)


def _scalar(value: Any) -> Any:
    return value


@lru_cache(maxsize=500)
def _counting(shape: Shape, most: int) -> Prepared:
    def build() -> Select[Any]:
        inner = read_from(shape, select(Contact.id), None).where(and_(true(), *_where(shape)))
        return select(func.count()).select_from(inner.limit(most + 1).subquery())

    return Prepared(build, _scalar, short=not shape.terms)


@lru_cache(maxsize=500)
def _identifying(shape: Shape) -> Prepared:
    def build() -> Select[Any]:
        found = read_from(shape, select(Contact.id), None).where(and_(true(), *_where(shape)))
        return found.order_by(Contact.id).limit(bindparam("limit"))

    return Prepared(build, _scalar, short=not shape.terms)
