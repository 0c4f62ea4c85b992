"""Columns in which the same few values come again and again: what is made of each is made once."""

from collections.abc import Callable, Hashable, Sequence
from types import NoneType
from typing import Any, TypeVar

H = TypeVar("H", bound=Hashable)
T = TypeVar("T")

MARK = "\0"  # before each cell of a column that is looked through at once
MAYBE_NOTHING = {str, NoneType, tuple, list}  # a zero is something
FEW = 4  # as often, on average, a value has to come to be worth it
ALONE = ({str}, {str, NoneType}, {tuple})  # tuples are lists of texts


def each(values: Sequence[H], make: Callable[[H], T]) -> list[T]:
    """`make` of each, called once for equal values; these must be of one type (or None)."""
    made = {value: make(value) for value in set(values)}
    if len(made) == 1:
        return list(made.values()) * len(values)
    return [made[value] for value in values]


def kinds(values: Sequence[Any]) -> set[type]:
    return set(map(type, values))


def repeat_themselves(values: Sequence[Any], found: set[type]) -> bool:
    """Whether these, of the kinds `found`, are few different texts. Equal ones of other kinds may look different."""
    return found in ALONE and len(set(values)) * FEW <= len(values)


def are_nothing(values: Sequence[Any], found: set[type]) -> bool:
    """Whether a column is empty from top to bottom."""
    return found <= MAYBE_NOTHING and not any(values)


def together(values: Sequence[Any]) -> str | None:
    """All of a column, a mark before each; None when some are no texts, or hold the mark."""
    try:
        whole = MARK + MARK.join(values)
    except TypeError:
        return None
    return whole if whole.count(MARK) == len(values) else None
