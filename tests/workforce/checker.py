"""Does a roster keep the rules? Written from the rules alone, sharing no line with the product's search."""

from collections import Counter, defaultdict
from fractions import Fraction
from functools import cache

from app.workforce.crew import Week
from app.workforce.result import Result, Shift


def breaches(week: Week, result: Result) -> list[str]:
    """Every broken rule, in words."""
    mine = defaultdict(list)
    for shift in result.shifts:
        mine[shift.person].append(shift)
    found = [f"unknown person {number}" for number in set(mine) - {person.id for person in week.people}]
    for person in week.people:
        shifts = sorted(mine[person.id], key=lambda shift: shift.day)
        found += [f"{person.id}: {text}" for text in of_person(week, person, shifts)]
    return found + _counts(week, result)


def of_person(week, person, shifts: list[Shift]) -> list[str]:
    found = []
    days = [shift.day for shift in shifts]
    if len(set(days)) < len(days):
        found.append("two shifts a day")
    last_end = -person.ended_before
    for shift in shifts:
        template = week.templates[shift.template]
        if (shift.start, shift.end) != (template.start, template.start + template.length):
            found.append("times differ from the template")
        if shift.day * 1440 + shift.start - last_end < week.labour.rest_between:
            found.append(f"too little rest before day {shift.day}")
        last_end = shift.day * 1440 + shift.end
        found += _may(week, person, shift)
    leave = sum(absence.counted for absence in person.absences)
    if sum(_weighed(week, shift) for shift in shifts) > max(0, person.most - leave):
        found.append("too many hours")
    if sum((shift.day + week.weekday) % 7 > 4 for shift in shifts) > person.weekend_days:
        found.append("too many weekend days")
    found += [f"the fixed shift of day {day} is missing" for day, choice in person.fixed.items()
              if choice is not None and day not in days]  # fmt: skip
    if sum(_is_overtime(week, shift) for shift in shifts) > week.labour.overtime_days:
        found.append("overtime on too many days")
    if _overtime(week, shifts) > week.labour.overtime_week:
        found.append("too much overtime in the week")
    return found + _runs(week, person, shifts)


def _runs(week, person, shifts: list[Shift]) -> list[str]:
    """A day without a beginning is one of rest where 24 hours lie between the end before it and the beginning after."""
    found, run = [], person.run_before
    for day in range(7):
        if any(shift.day == day for shift in shifts):
            run += 1
        else:
            ends = [shift.day * 1440 + shift.end for shift in shifts if shift.day < day]
            begins = [shift.day * 1440 + shift.start for shift in shifts if shift.day > day]
            run = 0 if min(begins, default=10**6) - max([-person.ended_before, *ends]) >= 1440 else run
        if run > week.labour.run_days:
            found.append("no day of rest")
    return found


def _may(week, person, shift: Shift) -> list[str]:
    found = []
    if shift.day in person.days_off:
        found.append("works on a day off")
    must = person.fixed.get(shift.day) is not None  # somebody's word, above what the person offers
    if not must and person.templates is not None and shift.template not in person.templates:
        found.append("a template that is not theirs")
    windows = person.available[shift.day] if person.available is not None else ((0, 2880),)
    minutes = range(shift.start, shift.end) if person.available is not None and not must else ()
    if not all(any(a <= minute < b for a, b in windows) for minute in minutes):
        found.append("not available")
    for absence in person.absences:
        if any(absence.begin <= shift.day * 1440 + minute < absence.end for minute in range(shift.start, shift.end)):
            found.append("works during an absence")
    fixed = person.fixed.get(shift.day, "free")
    if fixed is None or (fixed != "free" and fixed.template != shift.template):
        found.append("a fixed day was changed")
    if _worked(week, shift) > week.labour.longest_day[_kind(week, shift)] + week.labour.overtime_day:
        found.append("longer than a day may be")
    meals = [shift.start + meal for meal in week.templates[shift.template].meals]
    if fixed not in (None, "free") and fixed.meal >= 0 and shift.meal != meals[fixed.meal]:
        found.append("a fixed meal was moved")
    if (shift.meal not in meals) if meals else (shift.meal is not None):
        found.append("the meal is at no allowed time")
    return found


def _is_overtime(week, shift: Shift) -> bool:
    return _worked(week, shift) > week.labour.longest_day[_kind(week, shift)]


def _overtime(week, shifts: list[Shift]) -> Fraction:
    """Minutes past the ordinary day of each shift, and what the rest passes the ordinary week, as the law counts it."""
    past = [max(0, _worked(week, shift) - week.labour.longest_day[_kind(week, shift)]) for shift in shifts]
    share = [1 - Fraction(more, _worked(week, shift)) for more, shift in zip(past, shifts, strict=True)]
    usual = sum(_weighed(week, shift) * part for part, shift in zip(share, shifts, strict=True))
    return sum(past) + max(Fraction(0), usual - week.labour.longest_week["day"])


def _weighed(week, shift: Shift) -> Fraction:
    """Minutes as the law counts them."""
    labour = week.labour
    return Fraction(_worked(week, shift) * labour.longest_week["day"], labour.longest_week[_kind(week, shift)])


def _worked(week, shift: Shift) -> int:
    template = week.templates[shift.template]
    return template.length - (template.meal if template.meals else 0)


def _kind(week, shift: Shift) -> str:
    """Of the day, mixed or of the night, by walking through the shift minute by minute."""
    dark = _dark(week.labour.night, shift.start, shift.end)
    length = week.templates[shift.template].length
    return "day" if not dark else "night" if dark >= week.labour.mixed_until or dark == length else "mixed"


@cache
def _dark(night: tuple[int, int], start: int, end: int) -> int:
    begin, stop = night
    if begin < stop:
        return sum(begin <= minute % 1440 < stop for minute in range(start, end))
    return sum((minute % 1440) >= begin or (minute % 1440) < stop for minute in range(start, end))


def _counts(week: Week, result: Result) -> list[str]:
    """The shortage, counted anew: the greatest matching of people to needs in every interval."""
    found = []
    skills = {person.id: person.skills for person in week.people}
    for t in range(7 * 1440 // week.interval):
        here = [skills.get(shift.person, ()) for shift in result.shifts if _at_work(week, shift, t)]
        need = Counter({skill: row[t] for skill, row in week.need.items()})
        lacking = sum(need.values()) - _matched(here, need)
        if lacking != result.missing[t]:
            found.append(f"interval {t}: {lacking} missing, {result.missing[t]} said")
        if len(here) - sum(need.values()) + lacking != result.idle[t]:
            found.append(f"interval {t}: idle people miscounted")
    return found


def _at_work(week: Week, shift: Shift, t: int) -> bool:
    minute = t * week.interval - shift.day * 1440
    meal = week.templates[shift.template].meal
    eating = shift.meal is not None and shift.meal <= minute < shift.meal + meal
    return shift.start <= minute < shift.end and not eating


def _matched(people: list[tuple[str, ...]], need: Counter) -> int:
    """Augmenting paths, one seat per needed person."""
    seats = [skill for skill, number in need.items() for _ in range(number)]
    holder: dict[int, int] = {}

    def seat(person: int, tried: set[int]) -> bool:
        for place, skill in enumerate(seats):
            if skill in people[person] and place not in tried:
                tried.add(place)
                if place not in holder or seat(holder[place], tried):
                    holder[place] = person
                    return True
        return False

    return sum(seat(person, set()) for person in range(len(people)))
