"""Longest-prefix tables (operators, time zones) kept as small files.

phonenumbers.carrier costs a process about 45 MB and phonenumbers.timezone 9 MB, so their tables are
distilled into ``data/*.tsv``: one line a calling code, read when a number of that country is first seen.
``python -m app.contacts.prefixes`` writes them again after an upgrade of phonenumbers; a test compares.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
WHOLE_COUNTRY = "-"


class PrefixTable:
    """The values of one country by national prefix. ``find`` answers the longest one that fits, or None."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values
        self.lengths = sorted({len(prefix) for prefix in values}, reverse=True)
        self.longest = self.lengths[0] if self.lengths else 0

    def find(self, national: str) -> str | None:
        for length in self.lengths:
            if (value := self.values.get(national[:length])) is not None:
                return value
        return None


@cache
def carriers(calling_code: int) -> PrefixTable:
    """Mobile operators of a country, by the name that phonenumbers gives them."""
    return PrefixTable(_read("carriers.tsv", calling_code))


@cache
def zones(calling_code: int) -> PrefixTable:
    """IANA time zones of a country; several are joined by ``~``."""
    return PrefixTable(_read("zones.tsv", calling_code))


def _read(name: str, calling_code: int) -> dict[str, str]:
    start = f"{calling_code}\t"
    with (DATA / name).open(encoding="utf-8") as lines:
        line = next((line for line in lines if line.startswith(start)), None)
    if line is None:
        return {}
    by_value: dict[str, str] = json.loads(line[len(start) :])
    return {_plain(prefix): value for value, prefixes in by_value.items() for prefix in prefixes.split()}


def _plain(prefix: str) -> str:
    return "" if prefix == WHOLE_COUNTRY else prefix


def distil(table: Iterable[tuple[str, str]]) -> str:
    """The lines of a data file from (calling code + national prefix, value) pairs."""
    from phonenumbers import COUNTRY_CODE_TO_REGION_CODE as known

    countries: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for digits, value in sorted(table):
        code = next(digits[:n] for n in (1, 2, 3) if int(digits[:n]) in known)
        countries[int(code)][value].append(digits[len(code) :] or WHOLE_COUNTRY)
    return "".join(f"{code}\t{_line(values)}\n" for code, values in sorted(countries.items()))


def _line(values: dict[str, list[str]]) -> str:
    return json.dumps({value: " ".join(values[value]) for value in sorted(values)}, ensure_ascii=False)


def from_library() -> dict[str, str]:
    """Both files' text as the installed phonenumbers would have it (heavy: imports all its tables)."""
    from phonenumbers import __version__ as version
    from phonenumbers.carrierdata import CARRIER_DATA
    from phonenumbers.tzdata import TIMEZONE_DATA

    head = f"# Distilled from phonenumbers {version} (Apache-2.0) by python -m app.contacts.prefixes\n"
    names = ((digits, by_language["en"]) for digits, by_language in CARRIER_DATA.items() if "en" in by_language)
    places = ((digits, "~".join(found)) for digits, found in TIMEZONE_DATA.items())
    return {"carriers.tsv": head + distil(names), "zones.tsv": head + distil(places)}


def main() -> None:
    for name, text in from_library().items():
        (DATA / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
