"""Meta's JSON, read by `drivers.loose` along paths: whatever is there, nothing raises.

Meta writes numbers as text and text as numbers, and leaves out what is zero.
"""

import hashlib
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from drivers import loose

FAR = 253_402_300_799  # the last second of the year 9999
SECONDS_END = 100_000_000_000  # as milliseconds this is 1973
TOO_MUCH = 10**18
Fields = loose.Object


def fields(value: Any, *path: str) -> Fields:
    """The object at the end of `path`; an empty one when there is none."""
    for name in path:
        value = loose.as_object(value).get(name)
    return loose.as_object(value)


def items(value: Any, *path: str) -> Iterator[Fields]:
    """The objects of the list at the end of `path`."""
    *before, last = path
    return iter(loose.parts(fields(value, *before), last))


def first(value: Any, *path: str) -> Fields:
    return next(items(value, *path), loose.NOTHING)


def text(value: Any, *path: str) -> str:
    """What is written at the end of `path`: a text, or a number as text."""
    *before, last = path
    found = fields(value, *before).get(last)
    if isinstance(found, str):
        return found
    countable = isinstance(found, int | float) and not isinstance(found, bool) and abs(found) < TOO_MUCH
    return str(found) if countable else ""


def whole(value: Any, *path: str) -> int:
    """A whole number, also when it is written as text; 0 when there is none."""
    said = text(value, *path)
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0


def flag(value: Any, *path: str) -> bool:
    *before, last = path
    return loose.flag(fields(value, *before), last)


def number(value: Any, *path: str) -> float | None:
    """A finite number, also when it is written as text."""
    try:
        said = float(text(value, *path))
    except ValueError:
        return None
    return said if math.isfinite(said) else None


def seconds(value: Any, *path: str) -> datetime | None:
    """Unix seconds."""
    return _instant(float(whole(value, *path)))


def milliseconds(value: Any, *path: str) -> datetime | None:
    """Unix milliseconds; some of Meta's senders write seconds in the same place."""
    said = float(whole(value, *path))
    return _instant(said if said < SECONDS_END else said / 1000)


def _instant(said: float) -> datetime | None:
    return datetime.fromtimestamp(said, UTC) if 0 < said <= FAR else None


def mark(*parts: Any) -> str:
    """A name for what came without one: the same for the same content."""
    return hashlib.sha256(msgspec.json.encode(parts, enc_hook=str)).hexdigest()[:32]
