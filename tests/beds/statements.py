"""A statement is compiled once a run. Every test has engines of its own, and each would compile all it says anew: a
sixth of what the tests ask of the machine.

SQLAlchemy keeps compiled statements per engine and dialect object; engines of one kind are alike here, so they share.
"""

from typing import Any

from sqlalchemy.engine.base import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

KEPT: dict[type, LRUCache[Any, Any]] = {}


def share() -> None:
    """From here on, in this process."""
    DefaultDialect.__hash__ = lambda dialect: hash(type(dialect))  # type: ignore[method-assign]
    DefaultDialect.__eq__ = lambda dialect, other: type(dialect) is type(other)  # type: ignore[method-assign]
    Engine._compiled_cache = property(_kept, _not_its_own)  # type: ignore[assignment]


def _kept(engine: Engine) -> LRUCache[Any, Any]:
    return KEPT.setdefault(type(engine.dialect), LRUCache(5000))


def _not_its_own(_engine: Engine, _cache: object) -> None:
    """The one that an engine makes for itself is let go."""
