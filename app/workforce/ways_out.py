"""The cheapest ways out of a shortage: what one change alone would cover, tried out against the roster that stands.

Each is the best week of one person under the changed rule (best_week.py, exact), nobody else moving; so it covers at
least what it says. What the office would pay for more decides the order.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np

from app.frame.i18n import N_, _
from app.workforce.best_week import Roster, Rows, best_week
from app.workforce.calendar import WEEKDAYS
from app.workforce.crew import Person, Week
from app.workforce.errors import Floats
from app.workforce.labour import DAY_MIN
from app.workforce.week_table import DAYS, Bools, Table, lacking, serving, shifts_allowed, weekend, worked

SENTENCES = {
    "weekend": N_("Pedir a la persona %(person)s un día más de fin de semana"),
    "skill": N_("Enseñar «%(skill)s» a la persona %(person)s"),
    "availability": N_("Que la persona %(person)s pueda trabajar a otras horas el %(day)s"),
    "overtime": N_("Dar %(hours).1f horas extra a la persona %(person)s"),
    "newcomer": N_("Una persona más con «%(skill)s» el %(day)s en el turno %(template)s"),
}
ALWAYS = ((0, 2 * DAY_MIN),)
WAYS, ALIKE = 5, 2  #: told at most, and of one kind
TRIED = 40  #: people tried at most; the roster is waited for, and more of them would say the same


class Way(msgspec.Struct, frozen=True):
    """Something to do about it: a key of SENTENCES. `saved_min` of people would no longer be missing, at the least;
    `paid_min` come on top of what is paid now. `day` is the weekday, 0 for Monday."""

    what: str
    saved_min: int
    paid_min: int = 0
    person: int | None = None
    day: int = 0
    template: str = ""
    skill: str = ""

    @property
    def sentence(self) -> str:
        facts = {"person": self.person, "skill": self.skill, "template": self.template}
        done = _(SENTENCES[self.what], hours=self.paid_min / 60, day=_(WEEKDAYS[self.day]), **facts)
        return _("%(done)s: cubriría %(n).1f horas más.", done=done, n=self.saved_min / 60)


def ways_out(roster: Roster) -> list[Way]:
    """The cheapest for what they cover, of several kinds."""
    dear = {"overtime": 1 + roster.lay.week.labour.overtime_extra}
    found = [way for way in _every(roster) if way.saved_min > 0]
    found.sort(key=lambda way: (way.paid_min * dear.get(way.what, 1) / way.saved_min, -way.saved_min))
    told: list[Way] = []
    for way in found:
        if sum(other.what == way.what for other in told) < ALIKE:
            told.append(way)
    return told[:WAYS]


def _every(roster: Roster) -> Iterator[Way]:
    short = lacking(roster.lay, roster.cover)
    days, people = _asked(roster.lay, short), len(roster.rows)
    for person in np.unique(np.linspace(0, people - 1, min(people, TRIED)).astype(int)).tolist():
        yield from _of_person(roster, person, days)
    yield from _newcomers(roster, short)


def _asked(lay: Table, short: Floats) -> list[int]:
    """The day that lacks most, and the evening before it where a night reaches the gap."""
    worst = int(short.reshape(DAYS, -1).sum(axis=1).argmax())
    gap = short[worst * lay.slots : (worst + 1) * lay.slots] > 0
    reached = bool(lay.works[:, :, lay.slots :][:, :, gap].any())
    return [worst, worst - 1] if reached and worst else [worst]


def _of_person(roster: Roster, person: int, days: list[int]) -> Iterator[Way]:
    lay, who = roster.lay, roster.lay.week.people[person]
    anyway = max(0, _saved(roster, person, best_week(roster, person)[0]))
    longer = best_week(roster, person, _most(lay.week, who))[0]
    if _units(lay, longer) > lay.whole(who.most):
        paid = _paid(lay, longer) - _paid(lay, roster.rows[person])
        yield Way("overtime", _saved(roster, person, longer) - anyway, paid, who.id)
    for what, other, facts in _changed(lay, person, days):
        rows = best_week(_upon(roster, other, person), person)[0]
        yield Way(what, _saved(roster, person, rows, other) - anyway, 0, who.id, **facts)


def _most(week: Week, who: Person) -> int:
    """Weekly minutes with all the overtime that the law allows."""
    return week.labour.overtime_week + min(who.most, week.labour.longest_week["day"])


def _changed(lay: Table, person: int, days: list[int]) -> Iterator[tuple[str, Table, dict[str, Any]]]:
    """The table with one thing about this person otherwise; none of them breaks a law."""
    who = lay.week.people[person]
    if who.weekend_days < weekend(lay.week).sum():
        yield "weekend", _with(lay, person, weekend_days=who.weekend_days + 1), {}
    for skill in lay.week.need:
        if skill not in who.skills:
            serves = lay.serves.copy()
            serves[person] = serving(lay.week, (*who.skills, skill))
            yield "skill", msgspec.structs.replace(lay, serves=serves), {"skill": skill}
    if who.available is not None:
        for day in days:
            if day not in who.days_off and day not in who.fixed:
                yield "availability", _open(lay, person, day), {"day": (day + lay.week.weekday) % 7}


def _open(lay: Table, person: int, day: int) -> Table:
    """The person can work at any time of this day, and into the next."""
    who, allowed = lay.week.people[person], lay.allowed.copy()
    hours = [ALWAYS if d == day else was for d, was in enumerate(who.available or ())]
    allowed[person] = shifts_allowed(lay.week, msgspec.structs.replace(who, available=tuple(hours)))
    return msgspec.structs.replace(lay, allowed=allowed)


def _with(lay: Table, person: int, **changed: object) -> Table:
    people = list(lay.week.people)
    people[person] = msgspec.structs.replace(people[person], **changed)
    return msgspec.structs.replace(lay, week=msgspec.structs.replace(lay.week, people=tuple(people)))


def _upon(roster: Roster, lay: Table, person: int) -> Roster:
    """The same roster under a table in which this person is another."""
    found, own = Roster(lay), roster.rows[person]
    found.rows = list(roster.rows)
    served = lay.serves[person].astype(float) - roster.lay.serves[person]
    found.cover = roster.cover + np.outer(served, roster.at_work(own))
    return found


def _saved(roster: Roster, person: int, rows: Rows, lay: Table | None = None) -> int:
    """Minutes of people no longer missing with these shifts instead of the person's own."""
    own, serves = roster.lay.serves[person], (lay or roster.lay).serves[person]
    cover = roster.cover - np.outer(own, roster.at_work(roster.rows[person])) + np.outer(serves, roster.at_work(rows))
    fewer = lacking(roster.lay, roster.cover).sum() - lacking(roster.lay, cover).sum()
    return round(float(fewer)) * roster.lay.week.interval


def _units(lay: Table, rows: Rows) -> int:
    return sum(int(lay.units[row[0]]) for row in rows if row is not None)


def _paid(lay: Table, rows: Rows) -> int:
    """Minutes."""
    return sum(worked(lay.week.templates[row[0]]) for row in rows if row is not None)


def _newcomers(roster: Roster, short: Floats) -> Iterator[Way]:
    """For each day the one more shift that begins on it, of somebody with one skill, that would cover most."""
    for day in range(roster.lay.week.since, DAYS):
        ways = [_newcomer(roster, short, day, skill) for skill in roster.lay.week.need]
        yield max(ways, key=lambda way: way.saved_min)


def _newcomer(roster: Roster, short: Floats, day: int, skill: str) -> Way:
    lay = roster.lay
    hit = serving(lay.week, (skill,))[:, None]
    fewer = np.append(short - lacking(lay, roster.cover + hit), np.zeros(lay.slots))
    value = lay.works @ fewer[day * lay.slots : (day + 2) * lay.slots]
    k = int(np.where(_lawful(lay), value.max(axis=1), 0.0).argmax())
    template, saved = lay.week.templates[k], round(float(value[k].max())) * lay.week.interval
    weekday = (day + lay.week.weekday) % 7
    return Way("newcomer", saved, worked(template), day=weekday, template=template.name, skill=skill)


def _lawful(lay: Table) -> Bools:
    """(k,) shifts that somebody may work once in a week."""
    labour = lay.week.labour
    return ~lay.over | ((lay.beyond <= labour.overtime_week) & (labour.overtime_days > 0))
