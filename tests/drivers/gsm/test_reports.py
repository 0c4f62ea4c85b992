"""Which report belongs to what, and what it means."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.gsm.pdu.message import Report
from drivers.gsm.reports import Expected, Reports, load

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
TO = "+50680000001"


def part(ref: int = 1, id: str = "m1", at: datetime = AT, parts: int = 1, to: str = TO) -> Expected:
    return Expected(ref=ref, to=to, at=at, id=id, key=id, parts=parts)


def came(ref: int = 1, status: int = 0, at: datetime = AT, to: str = TO) -> Report:
    return Report(ref=ref, to=to, status=status, sent_at=at, at=at)


def test_it_works() -> None:
    reports = Reports()
    assert reports.expect(part()) is None
    news = reports.came(came(), AT)
    assert news
    assert (news.state, news.external_id, news.code) == ("delivered", "m1", "tp-st-0")
    assert reports.came(came(), AT) is None


@pytest.mark.parametrize(
    ("status", "state", "final"),
    [(0, "delivered", True), (1, "sent", True), (0x20, "failed", False), (0x3F, "failed", False),
     (0x43, "failed", True), (0x5F, "failed", True), (0x60, "failed", True), (0x7F, "failed", True)],
)  # fmt: skip
def test_what_the_octet_means(status: int, state: str, final: bool) -> None:
    reports = Reports()
    reports.expect(part())
    news = reports.came(came(status=status), AT)
    assert news
    assert (news.state, news.final) == (state, final)
    assert bool(news.sentence) == (status != 0)


def test_a_reference_that_came_round_is_told_apart_by_its_time_and_its_number() -> None:
    reports = Reports()
    for n in range(500):
        to = TO if n % 2 else "+50680000002"
        reports.expect(part(ref=n % 256, id=f"m{n}", at=AT + timedelta(seconds=n), to=to))
    news = reports.came(came(ref=5, at=AT + timedelta(seconds=262)), AT + timedelta(hours=1))
    assert news
    assert news.external_id == "m261"
    assert reports.came(came(ref=5, to="+50680000009"), AT) is None


def test_the_same_number_with_and_without_its_country() -> None:
    reports = Reports()
    reports.expect(part())
    assert reports.came(came(to="80000001"), AT)


def test_what_came_too_early_is_kept_for_it() -> None:
    reports = Reports()
    assert reports.came(came(), AT) is None
    news = reports.expect(part())
    assert news
    assert news.state == "delivered"


def test_old_ones_are_forgotten_and_what_waits_survives_a_restart() -> None:
    reports = Reports()
    reports.expect(part())
    reports = load(reports.dump())
    reports.expect(part(ref=2, id="m2", at=AT + timedelta(days=4)))
    assert [each.id for each in reports.expected] == ["m2"]
    assert load(None).expected == []


@given(st.lists(st.tuples(st.sampled_from([1, 2, 3]), st.integers(0, 255)), max_size=20))
def test_a_state_never_goes_backwards(told: list[tuple[int, int]]) -> None:
    reports = Reports()
    for ref in (1, 2):
        reports.expect(part(ref=ref, parts=2))
    news = [reports.came(came(ref, status), AT) for ref, status in told]
    final = [n for n, each in enumerate(news) if each and (each.final or each.state != "failed")]
    assert len(final) <= 1
    assert not final or all(each is None for each in news[final[0] + 1 :])
