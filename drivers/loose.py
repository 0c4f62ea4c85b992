"""Reading JSON that somebody else wrote: a field is of the kind that is asked for, or it is not there. Nothing raises.

A provider adds, renames and forgets fields; a stranger posts anything. What is missing reads as "", None, {} or ().
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

Object = Mapping[str, Any]
NOTHING: Object = {}
WHOLE_MAX = 2**63


def decode(body: bytes) -> Any:
    """None when it is not JSON. A body of brackets alone would exhaust the stack: that is not JSON either."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def as_object(value: Any) -> Object:
    return value if isinstance(value, dict) else NOTHING


def part(given: Object, name: str) -> Object:
    return as_object(given.get(name))


def parts(given: Object, name: str) -> tuple[Object, ...]:
    """The objects of a list; what else is in it is left out."""
    found = given.get(name)
    return tuple(each for each in found if isinstance(each, dict)) if isinstance(found, list) else ()


def text(given: Object, name: str) -> str:
    found = given.get(name)
    return found if isinstance(found, str) else ""


def whole(given: Object, name: str) -> int | None:
    """A whole number that fits 64 bits, also when it came as text."""
    found = given.get(name)
    if isinstance(found, str) and found.isascii() and found.removeprefix("-").isdigit() and len(found) < 20:
        found = int(found)
    if isinstance(found, bool) or not isinstance(found, int):
        return None
    return found if abs(found) < WHOLE_MAX else None


def real(given: Object, name: str) -> float | None:
    found = given.get(name)
    return float(found) if isinstance(found, int | float) and abs(found) < WHOLE_MAX else None


def flag(given: Object, name: str) -> bool:
    return given.get(name) is True


def unix(given: Object, name: str) -> datetime | None:
    """Seconds since 1970."""
    try:
        seconds = whole(given, name)
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def iso(given: Object, name: str) -> datetime | None:
    """ISO 8601 with its zone; UTC when it names none."""
    try:
        found = datetime.fromisoformat(text(given, name))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
