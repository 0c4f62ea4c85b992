"""How values look: numbers, times, phones, by the reader's language and the office's zone."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from babel import dates, numbers

from app.frame.i18n import PLACE, _, ngettext

THIN_GROUPS = ("es_CR",)


def _zone() -> ZoneInfo:
    return _zone_named(PLACE.get().timezone)


@lru_cache(maxsize=64)
def _zone_named(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def local(at: datetime) -> datetime:
    """The instant in the office's zone."""
    return at.astimezone(_zone())


def number(value: float | int | None) -> str:
    """1234.5 as `1 234,5` (es-CR, no-break space) or `1,234.5`."""
    if value is None:
        return "—"
    return _number(value, PLACE.get().locale)


@lru_cache(maxsize=4096)
def _number(value: float | int, locale: str) -> str:
    return numbers.format_decimal(value, locale=locale).replace("\u202f", "\u00a0")


def percent(share: float | None, digits: int = 1) -> str:
    """0.384 as `38,4 %`."""
    if share is None:
        return "—"
    text = number(round(share * 100, digits))
    return f"{text}%" if PLACE.get().language == "en" else f"{text}\u00a0%"


def time(at: datetime | None) -> str:
    return "—" if at is None else local(at).strftime("%H:%M")


def date_(at: datetime | date | None) -> str:
    """Short date: `24 nov.`, with the year when it is another one."""
    if at is None:
        return "—"
    day = local(at).date() if isinstance(at, datetime) else at
    this_year = local(datetime.now(UTC)).year
    return dates.format_skeleton("MMMd" if day.year == this_year else "yMMMd", day, locale=PLACE.get().locale)


def dt(at: datetime | None) -> str:
    """`Hoy 14:05`, `Ayer 17:52`, `24 nov. 09:48`."""
    if at is None:
        return "—"
    when = local(at)
    days = (local(datetime.now(UTC)).date() - when.date()).days
    near = {0: _("Hoy"), 1: _("Ayer"), -1: _("Mañana")}.get(days)
    return f"{near or date_(at)} {when:%H:%M}"


def exact(at: datetime | None) -> str:
    """Full date and time with seconds, for titles and audits."""
    return "—" if at is None else local(at).strftime("%Y-%m-%d %H:%M:%S")


def iso(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def ago(at: datetime | None) -> str:
    """`hace 5 minutos`."""
    if at is None:
        return _("Nunca")
    return dates.format_timedelta(at - datetime.now(UTC), add_direction=True, locale=PLACE.get().locale)


def duration(seconds: float | None) -> str:
    """`4:12`, `1 h 05 min`."""
    if seconds is None:
        return "—"
    whole = int(seconds)
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d}"
    return f"{whole // 3600} h {whole // 60 % 60:02d} min"


@lru_cache(maxsize=20_000)
def phone(e164: str | None) -> str:
    """National form of an E.164 number: `8812 3456`, `33 1234 5678`."""
    if not e164:
        return ""
    try:
        parsed = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    shown = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return shown.replace("-", " ")


def size(count: int | None) -> str:
    """Bytes as people read them."""
    if count is None:
        return "—"
    amount, units = float(count), ("B", "kB", "MB", "GB", "TB")
    for unit in units:
        if amount < 1000 or unit == units[-1]:
            return f"{number(round(amount, 1 if amount < 10 and unit != 'B' else 0))}\u00a0{unit}"
        amount /= 1000
    return ""


def span(delta: timedelta) -> str:
    return ngettext("%(num)s día", "%(num)s días", delta.days) if delta.days else duration(delta.total_seconds())


FILTERS: dict[str, Any] = {
    "number": number,
    "percent": percent,
    "time": time,
    "date": date_,
    "dt": dt,
    "exact": exact,
    "iso": iso,
    "ago": ago,
    "duration": duration,
    "phone": phone,
    "size": size,
    "span": span,
    "t": lambda text: _(text),
}
