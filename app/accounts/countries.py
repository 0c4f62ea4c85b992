"""Countries by their ISO code and the time zones in them, from CLDR by way of Babel."""

import unicodedata
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location

FIRST = ("CR", "MX")
NOT_COUNTRIES = frozenset(("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"))
CAPITALS = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo",
    "CA": "America/Toronto", "CL": "America/Santiago", "CN": "Asia/Shanghai",
    "CD": "Africa/Kinshasa", "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin", "EC": "America/Guayaquil", "ES": "Europe/Madrid", "FM": "Pacific/Pohnpei",
    "GL": "America/Nuuk", "ID": "Asia/Jakarta", "KI": "Pacific/Tarawa", "KZ": "Asia/Almaty", "MH": "Pacific/Majuro",
    "MN": "Asia/Ulaanbaatar", "MX": "America/Mexico_City", "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland",
    "PF": "Pacific/Tahiti", "PG": "Pacific/Port_Moresby", "PS": "Asia/Hebron", "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow", "UA": "Europe/Kyiv", "US": "America/New_York", "UZ": "Asia/Tashkent",
    "AQ": "Antarctica/McMurdo",
}  # fmt: skip


@cache
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """(code, name) of every country: Costa Rica and Mexico first, the rest by name."""
    names = {str(code): name for code, name in Locale.parse(language).territories.items()}
    codes = [c for c in names if len(c) == 2 and c.isalpha() and c not in NOT_COUNTRIES]
    rest = sorted((c for c in codes if c not in FIRST), key=lambda c: _plain(names[c]))
    return tuple((c, names[c]) for c in (*FIRST, *rest))


def is_country(code: str) -> bool:
    return any(code == known for known, _name in countries("es"))


@cache
def _known_zones() -> frozenset[str]:
    """The library walks through hundreds of files each time that it is asked."""
    return frozenset(available_timezones())


@cache
def zones_of(country: str) -> tuple[str, ...]:
    """The zones of a country, the capital's (or most peopled) first; none where CLDR knows none."""
    found = sorted(z for z, c in get_global("zone_territories").items() if c == country and z in _known_zones())
    first = CAPITALS.get(country, "")
    return tuple(dict.fromkeys(z for z in (first, *found) if z in _known_zones() and z))


def guess_zone(country: str) -> str:
    """The zone most people of a country live in."""
    return next(iter(zones_of(country)), "UTC")


def is_zone(name: str) -> bool:
    return name in _known_zones()


@cache
def zone_options(country: str, language: str) -> tuple[tuple[str, str], ...]:
    """(zone, words) to choose from: those of the country, else every zone."""
    zones = zones_of(country) or tuple(sorted(z for z in _known_zones() if "/" in z))
    return tuple((z, f"{_place(z, language)} · {z}") for z in zones)


def _place(zone: str, language: str) -> str:
    return get_timezone_location(ZoneInfo(zone), locale=language, return_city=True)


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
