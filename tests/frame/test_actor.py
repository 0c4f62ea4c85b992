"""What is known of who acts."""

from datetime import UTC, datetime, timedelta

from app.frame.actor import SYSTEM, Actor


def left_s(**more: float) -> int | None:
    return Actor(ends_at=datetime.now(UTC) + timedelta(**more)).left_s


def test_it_works() -> None:
    assert Actor(name="Ana Mora Vega").initials == "AM"
    assert (left_s(hours=1), SYSTEM.left_s) == (3600, None)


def test_a_page_calls_no_session_over_that_still_lasts() -> None:
    assert left_s(seconds=0.5) == 1
    assert left_s(seconds=-0.5) == 0
