"""What a search looks at, of one contact: the same text whoever writes it."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

CODES = frozenset(map(str, COUNTRY_CODE_TO_REGION_CODE))
LENGTHS = (1, 2, 3)  # no country's code begins with another's (ITU-T E.164)
_APART = re.compile(r"\d[\d\s().-]{5,40}\d")
_NO_DIGIT = re.compile(r"\D")


def searched(
    name: str, company: str, addresses: Iterable[str], tags: Iterable[str], own: Mapping[str, Any], notes: str
) -> str:
    """In one text, to be folded. Numbers stand as digits, so any fragment of them is found."""
    values = tuple(map(str, own.values())) if own else ()
    apart = whole_numbers(notes, *values) if notes or values else ()
    return " ".join(filter(None, (name, company, *map(spoken, addresses), *tags, *values, notes, *apart)))


def spoken(external_id: str) -> str:
    """`+50688123456` -> `50688123456 88123456`: whole, and as it is dialled at home, so that its first digit finds it.

    What is no number stays as it is.
    """
    if external_id[:1] != "+":
        return external_id
    digits = external_id[1:]
    for length in LENGTHS:
        if digits[:length] in CODES:
            return f"{digits} {digits[length:]}"
    return digits


def whole_numbers(*texts: str) -> list[str]:
    """Numbers that were written with spaces or dashes, as their digits: who looks for one types it in any way."""
    written = [found for text in texts for found in _APART.findall(text)]
    return [digits for found in written if (digits := _NO_DIGIT.sub("", found)) != found]
