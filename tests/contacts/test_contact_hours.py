"""People are contacted only in their hours, on their own clock, and the next allowed moment is the very first one."""

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.contacts.contact_hours import REASONS, Verdict, allowed_at, zones_of
from app.contacts.hours_packs import Pack, Packs, Week, minutes, read, shipped
from app.frame.i18n import catalog

CR, MX_CITY, TIJUANA, JUAREZ = "America/Costa_Rica", "America/Mexico_City", "America/Tijuana", "America/Ciudad_Juarez"


def local(zone: str, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def test_it_works():
    assert allowed_at("CR", CR, "marketing", local(CR, 2026, 11, 23, 10)).allowed


@pytest.mark.parametrize(
    ("day", "hour", "minute", "reason"),
    [
        (23, 7, 59, "closed_hours"), (23, 8, 0, None), (23, 18, 59, None), (23, 19, 0, "closed_hours"),
        (21, 16, 59, None), (21, 17, 0, "closed_hours"), (22, 10, 0, "closed_day"),
    ],
)  # fmt: skip
def test_costa_rican_marketing_keeps_to_its_hours(day, hour, minute, reason):
    assert allowed_at("CR", CR, "marketing", local(CR, 2026, 11, day, hour, minute)).reason == reason


def test_service_has_longer_hours_and_sundays():
    sunday = local(CR, 2026, 11, 22, 10)
    assert allowed_at("CR", CR, "service", sunday).allowed
    assert not allowed_at("CR", CR, "marketing", sunday).allowed


def test_a_shut_moment_tells_the_next_open_one():
    saturday_evening = local(CR, 2026, 11, 21, 20)
    verdict = allowed_at("CR", CR, "marketing", saturday_evening)
    assert verdict == Verdict(False, "closed_hours", local(CR, 2026, 11, 23, 8))
    assert verdict.sentence == REASONS["closed_hours"]


def test_an_open_moment_is_its_own_answer():
    now = local(CR, 2026, 11, 23, 10, 30)
    assert allowed_at("CR", CR, "marketing", now) == Verdict(True, None, now)


def test_a_holiday_is_shut_for_marketing_and_short_for_service():
    christmas = local(CR, 2026, 12, 25, 8)
    assert allowed_at("CR", CR, "marketing", christmas) == Verdict(False, "holiday", local(CR, 2026, 12, 26, 9))
    assert allowed_at("CR", CR, "service", christmas) == Verdict(False, "holiday", local(CR, 2026, 12, 25, 9))


def test_holy_week_is_skipped():
    wednesday_night = local(CR, 2026, 4, 1, 22)
    assert allowed_at("CR", CR, "marketing", wednesday_night).next_allowed_at == local(CR, 2026, 4, 4, 9)


def test_other_countries_have_hours_too():
    assert allowed_at("ES", "Europe/Madrid", "marketing", local("Europe/Madrid", 2026, 11, 23, 9)).allowed
    assert not allowed_at(None, "Europe/Madrid", "marketing", local("Europe/Madrid", 2026, 11, 23, 23)).allowed


@pytest.mark.parametrize(
    ("zone", "month", "utc_hour"),
    [(TIJUANA, 1, 17), (TIJUANA, 7, 16), (JUAREZ, 1, 16), (JUAREZ, 7, 15), (MX_CITY, 1, 15), (MX_CITY, 7, 15)],
)
def test_the_mexican_border_opens_by_its_own_summer_time(zone, month, utc_hour):
    night = datetime(2026, month, 14, 8, tzinfo=UTC)
    assert allowed_at("MX", zone, "marketing", night).next_allowed_at == datetime(2026, month, 14, utc_hour, tzinfo=UTC)


def test_the_night_the_border_changes_its_clock_still_opens_at_nine():
    """Tijuana goes forward on 8 March 2026 and back on 1 November, both Sundays at two in the morning."""
    assert allowed_at("MX", TIJUANA, "service", local(TIJUANA, 2026, 3, 7, 23)).next_allowed_at == local(
        TIJUANA, 2026, 3, 8, 9
    )
    assert local(TIJUANA, 2026, 3, 8, 9) == datetime(2026, 3, 8, 16, tzinfo=UTC)
    assert allowed_at("MX", TIJUANA, "service", local(TIJUANA, 2026, 10, 31, 23)).next_allowed_at == datetime(
        2026, 11, 1, 17, tzinfo=UTC
    )


def test_of_several_possible_zones_all_must_be_open():
    zones = (TIJUANA, "America/Cancun")
    nine_in_cancun = local("America/Cancun", 2026, 11, 23, 9)
    verdict = allowed_at("MX", zones, "marketing", nine_in_cancun)
    assert verdict == Verdict(False, "closed_hours", local(TIJUANA, 2026, 11, 23, 9))
    assert allowed_at("MX", zones, "marketing", local(TIJUANA, 2026, 11, 23, 16, 59)).allowed
    assert not allowed_at("MX", zones, "marketing", local(TIJUANA, 2026, 11, 23, 17)).allowed


def test_zones_that_are_never_open_together_have_no_next_moment():
    packs = pack_of(["09:00-10:00"])
    verdict = allowed_at(None, ("America/Tijuana", "America/Cancun"), "x", datetime(2026, 11, 23, tzinfo=UTC), packs)
    assert verdict == Verdict(False, "closed_hours", None)


def test_hours_that_never_open_have_no_next_moment():
    assert allowed_at(None, CR, "x", datetime(2026, 11, 23, tzinfo=UTC), pack_of([])) == Verdict(
        False, "closed_day", None
    )


def pack_of(windows: list[str]) -> Packs:
    week = Week(*[tuple(windows)] * 4)
    return Packs("", "", (Pack("*", None, "", {"x": week}, None, ()),), "", {})


ZONES = st.sampled_from(
    [CR, MX_CITY, TIJUANA, JUAREZ, "America/Ojinaga", "America/Matamoros", "America/Havana", "America/Santiago",
     "Australia/Lord_Howe", "Europe/Lisbon"]
)  # fmt: skip


@st.composite
def windows(draw: st.DrawFn) -> list[str]:
    edges = draw(st.lists(st.integers(0, 1440), min_size=2, max_size=6, unique=True).map(sorted))
    pairs = [(a, b) for i, (a, b) in enumerate(pairwise(edges)) if i % 2 == 0]
    return [f"{a // 60:02d}:{a % 60:02d}-{b // 60:02d}:{b % 60:02d}" for a, b in pairs if a < 1440]


@st.composite
def instants(draw: st.DrawFn, zone: str) -> datetime:
    """Any instant of two years, half of them within a day of a change of the clock."""
    changes = changes_of(zone)
    if not changes or draw(st.booleans()):
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=draw(st.integers(0, 2 * 365 * 86400)))
    return draw(st.sampled_from(changes)) + timedelta(seconds=draw(st.integers(-86400, 86400)))


@cache
def changes_of(zone: str) -> list[datetime]:
    hours = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(365 * 24)]
    clock = ZoneInfo(zone)
    return [b for a, b in pairwise(hours) if a.astimezone(clock).utcoffset() != b.astimezone(clock).utcoffset()]


@pytest.mark.parametrize(("zone", "changes"), [(TIJUANA, 2), (JUAREZ, 2), ("America/Havana", 2), (MX_CITY, 0)])
def test_the_zones_of_the_property_change_their_clocks_as_they_should(zone, changes):
    assert len(changes_of(zone)) == changes


def is_open(text: list[str], zone: str, at: datetime) -> bool:
    """The rule itself, told the plain way: the wall clock's minute is in a window."""
    wall = at.astimezone(ZoneInfo(zone))
    minute = wall.hour * 60 + wall.minute
    return any(start <= minute < end for start, end in minutes(tuple(text)))


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_the_next_open_moment_is_the_one_that_waiting_minute_by_minute_finds(data):
    zone, text = data.draw(ZONES), data.draw(windows())
    at = data.draw(instants(zone))
    verdict = allowed_at(None, zone, "x", at, pack_of(text))
    assert verdict.allowed == is_open(text, zone, at)
    if not verdict.allowed:
        assert verdict.next_allowed_at == by_waiting(text, zone, at)


def by_waiting(text: list[str], zone: str, at: datetime) -> datetime | None:
    moment = at.replace(second=0)
    for _ in range(3 * 1440 if text else 0):
        moment += timedelta(minutes=1)
        if is_open(text, zone, moment):
            return moment
    return None


@settings(deadline=None)
@given(
    st.sampled_from(["CR", "MX", "ES"]),
    st.lists(ZONES, min_size=1, max_size=3, unique=True),
    st.sampled_from(["marketing", "service"]),
    st.integers(1_767_225_600, 1_924_992_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
)
def test_the_next_moment_is_allowed_and_never_in_the_past(country, zones, purpose, at):
    verdict = allowed_at(country, tuple(zones), purpose, at)
    assert verdict.allowed == (verdict.reason is None) == (verdict.next_allowed_at == at)
    if verdict.next_allowed_at:
        assert verdict.next_allowed_at >= at
        assert allowed_at(country, tuple(zones), purpose, verdict.next_allowed_at).allowed


def test_a_naive_moment_and_an_unknown_purpose_are_mistakes():
    with pytest.raises(ValueError, match="aware"):
        allowed_at("CR", CR, "marketing", datetime(2026, 11, 23, 10))  # noqa: DTZ001
    with pytest.raises(ValueError, match="marketing"):
        allowed_at("CR", CR, "spam", datetime(2026, 11, 23, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("e164", "zones"),
    [
        ("+50688123456", (CR,)), ("+526641234567", (TIJUANA,)), ("+525512345678", (MX_CITY,)),
        ("+526561234567", (JUAREZ,)), ("+526141234567", ("America/Chihuahua",)),
        ("+526361234567", ("America/Chihuahua", JUAREZ)), ("+528681234567", ("America/Matamoros",)),
        ("+529981234567", ("America/Cancun",)), ("+34612345678", ("Europe/Madrid",)),
    ],
)  # fmt: skip
def test_a_number_tells_its_zone(e164, zones):
    assert zones_of(e164, None, "UTC")[: len(zones)] == zones


def test_an_address_without_a_number_takes_its_countrys_zone_or_the_offices():
    assert zones_of("", "MX", CR) == (MX_CITY,)
    assert zones_of("", "ES", CR) == zones_of("+999", None, CR) == (CR,)


def test_zones_agree_with_the_library_where_it_is_not_corrected():
    import phonenumbers
    from phonenumbers import timezone

    for region in ("CR", "MX", "US", "ES", "PA", "NI", "CO", "BR"):
        example = phonenumbers.example_number(region)
        e164 = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        assert zones_of(e164, None, "UTC") == timezone.time_zones_for_number(example)


def test_every_zone_that_we_correct_exists():
    for by_area in shipped().zone_corrections.values():
        for found in by_area.values():
            assert all(ZoneInfo(zone).key == zone for zone in found.split("~"))


@pytest.mark.parametrize("window", ["8:00-19:00", "08:00-25:00", "19:00-08:00", "08:00-08:00", "always", "08:60-09:00"])
def test_hours_that_are_none_are_not_loaded(window):
    with pytest.raises(ValueError, match=r"window|ends"):
        Week((window,), (), (), ())


def test_packs_need_hours_for_every_other_country():
    text = msgspec.to_builtins(shipped()) | {"packs": []}
    with pytest.raises(msgspec.ValidationError, match="every other"):
        read(msgspec.json.encode(text))


def test_reasons_are_translated():
    assert [text for text in REASONS.values() if catalog("en").gettext(text) == text] == []
