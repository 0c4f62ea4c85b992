"""The bound from whole weeks: never above a roster, never below the relaxation of single shifts."""

import msgspec
import pytest

from app.workforce.best_week import Roster, best_week
from app.workforce.crew import Choice, Week
from app.workforce.replan import choices
from app.workforce.roster_mip import Question
from app.workforce.rosters import solve
from app.workforce.week_table import table
from app.workforce.whole_weeks import least
from tests.workforce.crews import office


def stood(week: Week) -> Roster:
    """Everybody's best week in turn."""
    roster = Roster(table(week))
    for person in range(len(week.people)):
        roster.put(person, best_week(roster, person)[0])
    return roster


def bound(roster: Roster, seconds: float = 30, patience: int = 10**9) -> float:
    """On the same scale as `Roster.price`; asks to stop after `patience` rounds."""
    rounds = iter(range(patience))
    idle = roster.lay.week.prices.over * float(roster.lay.need[-1].sum())
    return least(roster, seconds, lambda: next(rounds, None) is None) - idle


@pytest.mark.parametrize("seed", range(4))
def test_it_works(seed: int) -> None:
    week = office(8, seed, seconds=4)
    roster = stood(week)
    single = Question(roster, range(8)).relaxed(10).bound - float(roster.lay.need[-1].sum()) * week.prices.over
    highest = bound(roster)
    assert highest <= solve(week).objective + 1e-6
    assert highest >= single - 1e-6
    assert highest <= roster.price() + 1e-6


def test_of_one_person_it_is_the_best_week_itself() -> None:
    roster = stood(office(1, 3, skills=1))
    assert bound(roster) == pytest.approx(roster.price())


def test_stopped_early_it_is_lower_but_holds() -> None:
    roster = stood(office(8, 1))
    figures = [bound(roster, patience=rounds) for rounds in (1, 4, 8, 1000)]
    assert figures == sorted(figures)
    assert figures[-1] <= roster.price()


def test_fixed_shifts_are_kept_and_their_reward_is_no_gain() -> None:
    """The roster that stands, made compulsory: nothing else is possible, so that is the bound."""
    week = office(6, 2, seconds=1)
    result = solve(week)
    kept = choices(week, result)
    days: list[dict[int, Choice | None]] = [
        {day: kept.get(who.id, {}).get(day) for day in range(7)} for who in week.people
    ]
    people = tuple(msgspec.structs.replace(who, fixed=own) for who, own in zip(week.people, days, strict=True))
    roster = stood(msgspec.structs.replace(week, people=people))
    assert roster.price() == pytest.approx(result.objective)
    assert bound(roster) == pytest.approx(result.objective)


def test_it_closes_an_office_that_the_single_shifts_leave_open() -> None:
    """Thirty people, of whom many can work but few whole weeks: the relaxation is 3 % short, the weeks are not."""
    week = office(30, 6)
    roster = stood(week)
    single = Question(roster, range(30)).relaxed(20).bound - float(roster.lay.need[-1].sum()) * week.prices.over
    assert bound(roster) > single + 10
