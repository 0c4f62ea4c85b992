"""The question as arrays: patterns, who may work which, coverage by skills."""

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations

import msgspec
import numpy as np
from numpy.typing import NDArray

from app.frame.i18n import _
from app.workforce.crew import Choice, Person, Template, Week
from app.workforce.errors import BadInput, Floats
from app.workforce.hours_steps import steps, with_room
from app.workforce.labour import DAY_MIN, WHOLE_REST, overtime, weighed
from app.workforce.week_check import check_week
from app.workforce.windows import joined

DAYS = 7
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


class Table(msgspec.Struct, frozen=True):
    """p people, d days, k templates, l meals (padded), t intervals of the week, s skill subsets.

    A person with any skill of a subset can serve it; by Hall's theorem the people missing in an interval are the
    greatest shortage over all subsets, and nobody is counted twice."""

    week: Week
    starts: Ints  #: (k,) minutes
    ends: Ints
    units: Ints  #: (k,) weighed minutes / step
    step: Fraction  #: weighed minutes
    works: NDArray[np.float64]  #: (k, l, 2 intervals of a day) 1 where at work
    meals: Ints  #: (k,) how many meal positions
    allowed: Bools  #: (p, d, k)
    cost: Floats  #: (p, d, k)
    serves: Bools  #: (p, s)
    need: Floats  #: (s, t)
    rests: Bools  #: (k, k): after template a, template b may follow on the next day
    restful: Bools  #: (k, k): the free day between template a and template b, two days later, is a day of rest
    late: Bools  #: (k,)
    beyond: Ints  #: (k,) minutes past the longest day
    over: Bools  #: (k,) whether there are any: on so many days of a week as the law allows

    @property
    def slots(self) -> int:
        """Intervals of a day."""
        return self.works.shape[2] // 2

    def whole(self, minutes: int) -> int:
        """Units that fit into so many weighed minutes."""
        return minutes // self.step


def table(week: Week) -> Table:
    """Check and compile."""
    check_week(week)
    week = msgspec.structs.replace(week, people=tuple(_credited(person) for person in week.people))
    slots = DAY_MIN // week.interval
    starts = np.array([t.start for t in week.templates])
    ends = starts + np.array([t.length for t in week.templates])
    need, serves = _subsets(week)
    beyond = np.array([_beyond(week, t) for t in week.templates])
    most = max(person.most for person in week.people) + week.labour.overtime_week
    minutes = [_weighed(week, t) for t in week.templates]
    step, units = steps(minutes, most, len(week.people))
    counted = list(zip(minutes, units, strict=True))
    week = msgspec.structs.replace(week, people=tuple(_roomy(person, counted, step) for person in week.people))
    return Table(
        week=week,
        starts=starts,
        ends=ends,
        units=np.array(units),
        step=step,
        works=_works(week, slots),
        meals=np.array([max(1, len(t.meals)) for t in week.templates]),
        allowed=np.stack([shifts_allowed(week, person) for person in week.people]),
        cost=np.stack([_cost(week, person) for person in week.people]),
        serves=serves,
        need=need,
        rests=starts[None, :] + DAY_MIN - ends[:, None] >= week.labour.rest_between,
        restful=starts[None, :] + 2 * DAY_MIN - ends[:, None] >= WHOLE_REST,
        late=ends > week.late_from,
        beyond=beyond,
        over=beyond > 0,
    )


def restful_since(lay: Table, person: int) -> Bools:
    """(k,) a free first day is one of rest before such a shift on the second, after the night that last week ended."""
    return lay.starts + DAY_MIN + lay.week.people[person].ended_before >= WHOLE_REST


def _credited(person: Person) -> Person:
    """The contract without what approved absences count for."""
    counted = sum(absence.counted for absence in person.absences)
    if not counted:
        return person
    absences = tuple(msgspec.structs.replace(absence, counted=0) for absence in person.absences)
    least, most = max(0, person.least - counted), max(0, person.most - counted)
    return msgspec.structs.replace(person, least=least, most=most, absences=absences)


def _roomy(person: Person, counted: list[tuple[Fraction, int]], step: Fraction) -> Person:
    """With a contract into which the fixed shifts fit as they are counted here, if they do at all."""
    fixed = [counted[choice.template] for choice in person.fixed.values() if choice is not None]
    most = with_room(person.most, fixed, step)
    return person if most == person.most else msgspec.structs.replace(person, most=most)


def worked(template: Template) -> int:
    """Minutes without the meal."""
    return template.worked


def _beyond(week: Week, template: Template) -> int:
    return overtime(week.labour, template.start, template.start + template.length, worked(template))


def _weighed(week: Week, template: Template) -> Fraction:
    return weighed(week.labour, template.start, template.start + template.length, worked(template))


def _works(week: Week, slots: int) -> Floats:
    most = max(max(1, len(t.meals)) for t in week.templates)
    works = np.zeros((len(week.templates), most, 2 * slots))
    for k, template in enumerate(week.templates):
        begin, end = template.start // week.interval, (template.start + template.length) // week.interval
        for meal in range(max(1, len(template.meals))):
            works[k, meal, begin:end] = 1
            if template.meals:
                pause = begin + template.meals[meal] // week.interval
                works[k, meal, pause : pause + template.meal // week.interval] = 0
    return works


def shifts_allowed(week: Week, person: Person) -> Bools:
    """(d, k): available, not off or absent, not fixed otherwise, rested since last week."""
    starts = np.array([t.start for t in week.templates])
    ends = starts + np.array([t.length for t in week.templates])
    may = np.ones((DAYS, len(starts)), np.bool_)
    if person.available is not None:
        for day, windows in enumerate(map(joined, person.available)):
            may[day] = [any(a <= s and e <= b for a, b in windows) for s, e in zip(starts, ends, strict=True)]
    may[list(person.days_off)] = False
    if person.templates is not None:
        may &= np.isin(np.arange(len(starts)), person.templates)
    begins = np.arange(DAYS)[:, None] * DAY_MIN + starts
    rested = begins + person.ended_before >= week.labour.rest_between
    for absence in person.absences:
        may &= (begins >= absence.end) | (begins + ends - starts <= absence.begin)
    for day, choice in person.fixed.items():
        may[day] = False if choice is None else np.arange(len(starts)) == choice.template
    return may & rested


def _cost(week: Week, person: Person) -> Floats:
    """(d, k): dislikes, lateness and weekends by what went before, and changes against the roster to keep."""
    prices = week.prices
    late = np.array([t.start + t.length > week.late_from for t in week.templates])
    cost = np.zeros((DAYS, len(late)))
    cost += late * prices.late * person.late_before
    cost += weekend(week)[:, None] * prices.weekend * person.weekends_before
    cost += np.array([person.dislikes.get(k, 0.0) for k in range(len(late))])
    cost += np.array([[person.wishes.get(day, 0.0)] for day in range(DAYS)])
    if week.keep is not None:
        cost += _changes(week.keep.get(person.id, {}), len(late)) * prices.change
    return cost


def _changes(kept: dict[int, Choice], templates: int) -> Floats:
    """1 for a shift that was not there; a kept one is rewarded, so that dropping it costs the same."""
    change = np.ones((DAYS, templates))
    for day, choice in kept.items():
        change[day, choice.template] = -1.0
    return change


def weekend(week: Week) -> Bools:
    return (np.arange(DAYS) + week.weekday) % 7 >= 5


def _subsets(week: Week) -> tuple[Floats, Bools]:
    """Need per non-empty subset of the skills (s, t), and who serves it (p, s)."""
    need = np.stack([np.sum([week.need[skill] for skill in group], axis=0) for group in _groups(week)]).astype(float)
    serves = np.stack([serving(week, person.skills) for person in week.people])
    if not serves.any():
        raise BadInput(_("Nadie tiene las habilidades que se necesitan."), field="people")
    return need, serves


def serving(week: Week, skills: Iterable[str]) -> Bools:
    """(s,) which subsets somebody with these skills can serve."""
    return np.array([not group.isdisjoint(skills) for group in _groups(week)])


def _groups(week: Week) -> list[set[str]]:
    skills = list(week.need)
    return [set(group) for size in range(1, len(skills) + 1) for group in combinations(skills, size)]


def missing(lay: Table, cover: Floats) -> Floats:
    """(t,) people missing: the greatest shortage over the subsets. `cover` is (s, t)."""
    return np.maximum((lay.need - cover).max(axis=0), 0.0)


def lacking(lay: Table, cover: Floats) -> Floats:
    """(t,) people missing where something can still be done about it."""
    short = missing(lay, cover)
    return np.where(np.arange(len(short)) < lay.week.since * lay.slots, 0.0, short)
