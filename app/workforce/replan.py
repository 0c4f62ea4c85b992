"""Something happened: the same week again, with as few changes as possible."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil

import msgspec

from app.workforce.crew import Absence, Choice, Person, Week
from app.workforce.labour import DAY_MIN, weighed
from app.workforce.result import Result
from app.workforce.week_table import weekend, worked

Kept = dict[int, dict[int, Choice]]


def choices(week: Week, result: Result) -> Kept:
    """Person id -> day -> shift."""
    found: Kept = {}
    for shift in result.shifts:
        meals = [shift.start + meal for meal in week.templates[shift.template].meals]
        meal = meals.index(shift.meal) if shift.meal is not None else -1
        found.setdefault(shift.person, {})[shift.day] = Choice(shift.template, meal)
    return found


def around(week: Week, result: Result, absent: Mapping[int, set[int]], today: int = 0) -> Week:
    """The question anew: days before `today` are history, the absent (person id -> days) are off, every other change
    has a price. Solve it as any week."""
    kept = choices(week, result)
    people = tuple(_person(week, who, kept.get(who.id, {}), absent.get(who.id, set()), today) for who in week.people)
    return msgspec.structs.replace(week, people=people, keep=kept, since=max(0, today))


def _person(week: Week, person: Person, kept: dict[int, Choice], absent: set[int], today: int) -> Person:
    """The hours that an absence takes are not owed: nobody works off a day of illness. What was worked was worked, even
    where a rule or a leave that came later would not have it, and of absences only what lies ahead bars a shift."""
    past = {day: kept.get(day) for day in range(today)}
    done = {day: choice for day, choice in past.items() if choice}
    since = max([today * DAY_MIN, *(_end(week, day, choice) for day, choice in done.items())])
    ahead, over = _split(person.absences, since)
    missed = int(sum(_counted(week, choice) for day, choice in kept.items() if day in absent and day >= today))
    missed += sum(absence.counted for absence in over)
    spent = ceil(sum((_counted(week, choice) for choice in done.values()), Fraction(0)))
    least, most = max(0, person.least - missed), max(0, person.most - missed, spent)
    return msgspec.structs.replace(
        person,
        fixed={**_still_fixed(week, person, absent, ahead), **past},
        days_off=tuple(sorted(({*person.days_off} - set(done)) | {day for day in absent if day >= today})),
        weekend_days=max(person.weekend_days, sum(bool(weekend(week)[day]) for day in done)),
        absences=tuple(_credited(ahead, most - spent)),
        least=least,
        most=most,
    )


def _still_fixed(week: Week, person: Person, absent: set[int], ahead: list[Absence]) -> dict[int, Choice | None]:
    """Somebody's word, until the person is ill or on leave: that is the news."""
    return {
        day: choice
        for day, choice in person.fixed.items()
        if day not in absent and not (choice and any(_meets(week, day, choice, absence) for absence in ahead))
    }


def _meets(week: Week, day: int, choice: Choice, absence: Absence) -> bool:
    begin = day * DAY_MIN + week.templates[choice.template].start
    return begin < absence.end and absence.begin < _end(week, day, choice)


def _split(absences: Sequence[Absence], since: int) -> tuple[list[Absence], list[Absence]]:
    """What of them lies ahead, and those that are over."""
    ahead = [msgspec.structs.replace(one, begin=max(one.begin, since)) for one in absences if one.end > since]
    return ahead, [one for one in absences if one.end <= since]


def _credited(absences: list[Absence], left: int) -> Iterator[Absence]:
    """A leave counts for no more of the contract than work has left of it."""
    for one in absences:
        counted = min(one.counted, left)
        left -= counted
        yield msgspec.structs.replace(one, counted=counted)


def _end(week: Week, day: int, choice: Choice) -> int:
    template = week.templates[choice.template]
    return day * DAY_MIN + template.start + template.length


def _counted(week: Week, choice: Choice) -> Fraction:
    """Weekly minutes of a shift."""
    template = week.templates[choice.template]
    return weighed(week.labour, template.start, template.start + template.length, worked(template))


def changes(week: Week, before: Result, after: Result) -> list[tuple[int, int]]:
    """(person id, day) whose shift is another, or no longer, or new."""
    old, new = choices(week, before), choices(week, after)
    places = [(person.id, day) for person in week.people for day in range(7)]
    return [(p, d) for p, d in places if _template(old, p, d) != _template(new, p, d)]


def _template(kept: Kept, person: int, day: int) -> int | None:
    choice = kept.get(person, {}).get(day)
    return choice.template if choice else None
