"""Whatever the office: no rule is broken, one person's week is the best there is, and what is refused had to be."""

import re
from itertools import product

import msgspec
import pytest

from app.workforce.best_week import Roster, Rows, best_week
from app.workforce.crew import Week
from app.workforce.errors import BadInput
from app.workforce.result import Shift
from app.workforce.rosters import solve
from app.workforce.week_table import DAYS, table
from tests.workforce.checker import breaches, of_person
from tests.workforce.wild import wild


@pytest.mark.parametrize("seed", range(40))
def test_it_works(seed: int) -> None:
    week = wild(seed)
    try:
        result = solve(week)
    except BadInput as error:
        refused = error.sentence
    else:
        refused = ""
    if refused:
        assert alone(week, refused)
        return
    assert breaches(week, result) == []
    lacking = {t: missing for t, missing in enumerate(result.missing) if missing}
    assert dict(result.shortage.slots) == lacking
    assert result.shortage.unavoidable <= sum(result.missing)


def alone(week: Week, sentence: str) -> list[str]:
    """What the fixed shift of the person named would break though there were no other."""
    number = re.search(r"persona (\d+) no caben", sentence)
    assert number, sentence
    who = next(person for person in week.people if person.id == int(number[1]))
    day, choice = next((day, choice) for day, choice in who.fixed.items() if choice is not None)
    return of_person(week, who, [shift(week, who.id, day, choice.template, max(choice.meal, 0))])


def shift(week: Week, person: int, day: int, k: int, meal: int) -> Shift:
    template = week.templates[k]
    eats = template.start + template.meals[meal] if template.meals else None
    return Shift(person, day, k, template.start, template.start + template.length, eats)


def one_person(seed: int) -> Week:
    """Few enough weeks to try them all: three shifts, one meal each."""
    week = wild(seed)
    shifts = tuple(msgspec.structs.replace(shift, meals=shift.meals[:1]) for shift in week.templates[:3])
    named = range(len(shifts))
    own = week.people[0].templates and tuple(k for k in week.people[0].templates if k in named)
    likes = {k: cost for k, cost in week.people[0].dislikes.items() if k in named}
    who = msgspec.structs.replace(week.people[0], templates=own, dislikes=likes, fixed={})
    return msgspec.structs.replace(week, templates=shifts, people=(who,))


@pytest.mark.parametrize("seed", range(40))
def test_nobody_has_a_better_week(seed: int) -> None:
    week = one_person(seed)
    roster = Roster(table(week))
    roster.put(0, best_week(roster, 0)[0])
    assert roster.price() == pytest.approx(cheapest(week))
    assert solve(week).objective == pytest.approx(roster.price())


def cheapest(week: Week) -> float:
    """Of all the weeks in which the checker finds nothing."""
    found, who, prices = Roster(table(week)), week.people[0], []
    shifts = [[shift(week, who.id, day, k, 0) for k in range(len(week.templates))] for day in range(DAYS)]
    may = [[None, *(k for k, one in enumerate(every) if not of_person(week, who, [one]))] for every in shifts]
    for chosen in product(*may):
        if not of_person(week, who, [shifts[day][k] for day, k in enumerate(chosen) if k is not None]):
            rows: Rows = [None if k is None else (k, 0) for k in chosen]
            found.put(0, rows)
            prices.append(found.price())
    return min(prices)
