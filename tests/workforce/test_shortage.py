"""Why somebody is not there: each cause told apart, and counted again from the rules alone."""

from collections import Counter

import msgspec
import pytest

from app.workforce.crew import Person, Prices, Template, Week
from app.workforce.result import Result, Shift
from app.workforce.rosters import solve
from tests.workforce.checker import breaches
from tests.workforce.crews import office
from tests.workforce.test_ways_out import one


def at_work(week: Week, shift: Shift, t: int) -> bool:
    minute = t * week.interval - shift.day * 1440
    meal = week.templates[shift.template].meal
    eating = shift.meal is not None and shift.meal <= minute < shift.meal + meal
    return shift.start <= minute < shift.end and not eating


def with_one_more(result: Result, week: Week, person: Person, day: int, k: int) -> Result:
    template = week.templates[k]
    meal = template.start + template.meals[0] if template.meals else None
    more = Shift(person.id, day, k, template.start, template.start + template.length, meal)
    return msgspec.structs.replace(result, shifts=(*result.shifts, more))


def may(week: Week, result: Result, person: Person, day: int, k: int) -> bool:
    """Whether nothing but the counts of people speaks against this shift."""
    said = breaches(week, with_one_more(result, week, person, day, k))
    return not [text for text in said if text.startswith(f"{person.id}:")]


@pytest.mark.parametrize("seed", range(4))
def test_it_works(seed: int) -> None:
    """Who works another shift that day, who is not available at all, and who could come but for rules and hours."""
    week = office(5 + seed % 3, seed, seconds=0.4, skills=1)
    result = solve(week)
    counted = Counter[str]()
    for t, _people in result.shortage.slots:
        day, slot = divmod(t, 48)
        for person in week.people:
            mine = [shift for shift in result.shifts if shift.person == person.id]
            if any(at_work(week, shift, t) for shift in mine):
                continue
            alone = msgspec.structs.replace(result, shifts=())
            reaching = [
                k for k, template in enumerate(week.templates) if may(week, alone, person, day, k)
                and any(template.start <= slot * 30 < template.start + template.length
                        and not (template.meals and meal <= slot * 30 - template.start < meal + template.meal)
                        for meal in (template.meals or (0,)))
            ]  # fmt: skip
            if not reaching:
                counted["availability"] += 1
            elif any(shift.day == day for shift in mine):
                counted["demand"] += 1
            else:
                counted["price" if any(may(week, result, person, day, k) for k in reaching) else "barred"] += 1
    said = Counter(result.shortage.causes)
    barred = sum(said[cause] for cause in ("hours", "rest", "run", "weekend"))
    assert (said["availability"], said["demand"], said["price"], barred) == (
        counted["availability"], counted["demand"], counted["price"], counted["barred"]
    )  # fmt: skip
    assert not said["skill"]


DAY = Template("T8", 480, 480, (240,), 60)


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"people": (Person(1, ("a",), most=840),)}, "hours"),
        ({"people": (Person(1, ("a",), weekend_days=0),)}, "weekend"),
        ({"people": (Person(1, ("a",), most=3360, weekend_days=2),)}, "run"),
        ({"people": (Person(1, ("a",), available=((),) * 7),)}, "availability"),
        ({"need": {"a": tuple(int(t % 48 == 20) for t in range(336))}, "prices": Prices(under=3.0)}, "price"),
    ],
)
def test_each_rule_is_named(changed: dict[str, object], cause: str) -> None:
    assert cause in solve(one(**changed)).shortage.causes


def test_rest_between_shifts_is_named() -> None:
    """An evening and the morning after it, and nobody else."""
    need = {"a": tuple(int(28 <= t < 44 or 48 + 12 <= t < 48 + 28) for t in range(336))}
    templates = Template("late", 840, 480, (240,), 60), Template("early", 360, 480, (240,), 60)
    week = one(need=need, templates=templates, people=(Person(1, ("a",)),))
    assert solve(week).shortage.causes.get("rest")
