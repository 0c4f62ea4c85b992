"""Times in messages: the centre's stamp (3GPP TS 23.040, 9.2.3.11) and relative validity (9.2.3.12.1)."""

from datetime import UTC, datetime, timedelta, timezone

QUARTER = timedelta(minutes=15)
DAY_MIN, WEEK_MIN = 24 * 60, 7 * 24 * 60


def decode_stamp(octets: bytes) -> datetime | None:
    """Aware UTC; None for what no calendar knows (month 0, as some centres write)."""
    year, month, day, hour, minute, second = ((o & 0x0F) * 10 + (o >> 4) for o in octets[:6])
    try:
        at = datetime(2000 + year, month, day, hour, minute, second, tzinfo=_zone(octets[6]))
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(octet: int) -> timezone:
    """Quarters of an hour; bit 3 of the first half is the sign. Raises ValueError beyond a day."""
    quarters = (octet & 0x07) * 10 + (octet >> 4)
    return timezone(-quarters * QUARTER if octet & 0x08 else quarters * QUARTER)


def encode_validity(minutes: float) -> int:
    """The longest period that is not longer; five minutes at least, 63 weeks at most."""
    if minutes <= 12 * 60:
        return max(0, int(minutes // 5) - 1)
    if minutes <= DAY_MIN:
        return 143 + int((minutes - 12 * 60) // 30)
    if minutes < 5 * WEEK_MIN:
        return 166 + min(30, int(minutes // DAY_MIN))
    return 192 + min(63, int(minutes // WEEK_MIN))
