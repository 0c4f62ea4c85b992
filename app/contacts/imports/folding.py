"""Titles made comparable: no case, no accents, no punctuation, no trailing number."""

import re

from app.contacts.folding import fold

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_TRAILING = re.compile(r"(?<=[a-z]) ?\d{1,2}$")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def folded(title: str) -> str:
    """``Teléfono (2)``, ``TELEFONO_2`` and ``telefono`` give ``telefono``; ``firstName`` gives ``first name``."""
    words = _NOT_WORD.sub(" ", fold(_CAMEL.sub(" ", title))).strip()
    return _TRAILING.sub("", words)


def slug(title: str) -> str:
    """A custom field's key: ``Fecha de pago`` gives ``fecha_de_pago``."""
    return folded(title).replace(" ", "_")[:40]
