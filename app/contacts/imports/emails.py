"""E-mail addresses as sheets hold them: several in a cell, with names, with mailto:, with typing slips."""

import re

from app.contacts.addresses import MAIL as EMAIL

__all__ = ["EMAIL", "emails_in"]

_SEPARATORS = re.compile(r"[\s;,|<>()\[\]\"]+|(?<=[a-z])/(?=[^@/]+@)")


def emails_in(text: str) -> tuple[list[str], list[str]]:
    """(addresses in lower case, pieces that should have been one)."""
    pieces = [piece.removeprefix("mailto:").strip(".'") for piece in _SEPARATORS.split(text)]
    good = [piece.lower() for piece in pieces if EMAIL.fullmatch(piece)]
    bad = [piece for piece in pieces if "@" in piece and not EMAIL.fullmatch(piece)]
    return list(dict.fromkeys(good)), bad if good or bad else [text]
