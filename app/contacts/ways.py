"""The ways a search can go: what it reads first, and in which order. All find the same rows.

SQLite reads its index, newest first; PostgreSQL gathers all matches from its own and sorts them. There another way is
sooner for most needles and is given up where it is not: the walk, in which the newest contacts are looked at one by
one. Common needles fill a page there.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, join, select
from sqlalchemy.sql.expression import bindparam

from app.contacts import searching
from app.contacts.models import Contact
from app.contacts.searching import Terms
from app.contacts.shape import Shape

NEWEST = 1000
WALK = 1500
WALK_FOR_SEVERAL = 6000  # words that are common each are found together further apart
WALKING, GATHERING = "walk", "gather"
GATHERED: Any = (Contact.id + 0).desc()  # a sum: PostgreSQL would else walk its ids and hope to meet matches soon


def sooner(dialect: str, sort: str, found: Terms) -> str:
    """The way to try first; empty when there is none."""
    if sort != "-created" or not found or dialect != "postgresql":
        return ""
    return "" if searching.is_rare(found) else WALKING


def whole_way(dialect: str, sort: str, found: Terms) -> str:
    """The way that always ends with all of them."""
    return GATHERING if dialect == "postgresql" and found and sort == "-created" else ""


def search_conditions(shape: Shape) -> list[ColumnElement[bool]]:
    found = shape.terms
    if not found:
        return []
    if shape.dialect == "sqlite":
        return searching.sqlite_condition(found)
    conditions = searching.postgresql_condition(found)
    if shape.way != WALKING:
        return conditions
    seen = [*searching.beginnings_in_row(found), *conditions]
    return [_newest(shape), *(condition.is_(True) for condition in seen)]  # `IS TRUE` keeps the index out


def _newest(shape: Shape) -> ColumnElement[bool]:
    """The last ids before the cursor. Where ids are missing the walk is shorter, and given up sooner."""
    newest: Any = select(func.max(Contact.id)).scalar_subquery()
    return Contact.id > (newest if shape.phase == "first" else bindparam("past_id")) - walk(shape)


def walk(shape: Shape) -> int:
    """How many contacts are looked at. Three words of which one is a fragment are rare together, and soon gathered."""
    words = shape.fragments + shape.beginnings
    return WALK if words == 1 or (words > 2 and shape.fragments) else WALK_FOR_SEVERAL


def read_from(shape: Shape, statement: Select[Any], newest: int | None) -> Select[Any]:
    """On SQLite a search reads the index first and joins the contacts it names; the hint keeps it that way."""
    found = shape.terms
    if not found or shape.dialect == "postgresql":
        return statement.select_from(Contact)
    source = searching.sqlite_source(found)
    hit: Any = searching.sqlite_newest(source, found, newest) if newest else source
    joined = statement.select_from(join(hit, Contact, Contact.id == hit.c.rowid))
    joined = joined.with_hint(Contact, "NOT INDEXED", "sqlite")
    return joined if newest else joined.where(searching.sqlite_hit(source))


def by_hit(shape: Shape) -> bool:
    """Newest first is the order in which SQLite's index gives its matches: no sort, and it may stop early."""
    return shape.dialect == "sqlite" and shape.by_newest
