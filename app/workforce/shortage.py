"""What a short roster lacks, why, and the cheapest ways out."""

from collections import Counter

import msgspec
import numpy as np

from app.frame.i18n import N_, _
from app.workforce.best_week import Roster, best_week
from app.workforce.calendar import WEEKDAYS
from app.workforce.labour import GRAIN_MIN
from app.workforce.week_table import Bools, Ints, Table, missing

CAUSES = {
    "skill": N_("nadie más tiene la habilidad"),
    "availability": N_("no están disponibles"),
    "hours": N_("ya tienen sus horas de contrato"),
    "rules": N_("lo impide una regla de descanso o de fines de semana"),
    "demand": N_("hacen falta más en otra hora"),
}
WAYS = 5


class Way(msgspec.Struct, frozen=True):
    """Something to do about it; `saves` are the people-intervals that would no longer be missing, about."""

    sentence: str
    saves: float
    person: int | None = None


class Shortage(msgspec.Struct, frozen=True):
    """`slots`: (interval of the week, people missing). `causes`: how often each keeps somebody away from one.
    `unavoidable`: how many people-intervals any roster of these people would lack, at the least."""

    slots: tuple[tuple[int, int], ...]
    causes: dict[str, int]
    ways: tuple[Way, ...]
    interval: int = 30
    unavoidable: int = 0

    def sentence(self) -> str:
        """In words: how much, why, and how much of it no roster could help."""
        if not self.slots:
            return _("No falta nadie.")
        lacking = sum(people for _slot, people in self.slots)
        why = max(self.causes, key=lambda cause: self.causes[cause]) if self.causes else "demand"
        said = _(
            "Faltan %(n).1f horas de personas; sobre todo porque %(why)s.", n=self._hours(lacking), why=_(CAUSES[why])
        )
        return " ".join((said, *self._beyond_help(lacking)))

    def _beyond_help(self, lacking: int) -> tuple[str, ...]:
        if not self.unavoidable:
            return ()
        if self.unavoidable >= lacking:
            return (_("Con estas personas ningún rol cubriría más."),)
        hours = self._hours(self.unavoidable)
        return (_("De ellas, al menos %(n).1f no las cubriría ningún rol con estas personas.", n=hours),)

    def _hours(self, intervals: int) -> float:
        return intervals * self.interval / 60


def shortage(roster: Roster, unavoidable: int = 0) -> Shortage:
    """Look at every short interval and everybody who is not at work in it."""
    short = np.rint(missing(roster.lay, roster.cover)).astype(int)
    slots = tuple((int(t), int(short[t])) for t in np.flatnonzero(short))
    if not slots:
        return Shortage((), {}, ())
    causes, ways = dict(_causes(roster, short)), tuple(_ways(roster))
    return Shortage(slots, causes, ways, roster.lay.week.interval, unavoidable)


def _causes(roster: Roster, short: Ints) -> Counter[str]:
    found = Counter[str]()
    for person in range(len(roster.rows)):
        helps = roster.gain(person) > 0
        for t in np.flatnonzero((short > 0) & (roster.at_work(roster.rows[person]) == 0)):
            found[_cause(roster, person, int(t), bool(helps[t]))] += 1
    return found


def _cause(roster: Roster, person: int, t: int, able: bool) -> str:
    lay, day = roster.lay, t // roster.lay.slots
    if not able:
        return "skill"
    if not _reaching(lay, person, t).any():
        return "availability"
    units = sum(int(lay.units[row[0]]) for row in roster.rows[person] if row is not None)
    if units + lay.units.min() > lay.week.people[person].most // GRAIN_MIN:
        return "hours"
    return "demand" if roster.rows[person][day] is not None else "rules"


def _reaching(lay: Table, person: int, t: int) -> Bools:
    """Which allowed shifts of that day are at work in the interval, with some meal."""
    day, slot = divmod(t, lay.slots)
    return lay.allowed[person, day] & lay.works[:, :, slot].any(axis=1)


def _ways(roster: Roster) -> list[Way]:
    """Overtime for one person, or one person more, by what it would save."""
    per_slot = roster.lay.week.prices.under + roster.lay.week.prices.over
    ways = [_overtime(roster, person, per_slot) for person in range(len(roster.rows))] + [_newcomer(roster)]
    return sorted((way for way in ways if way.saves >= 1), key=lambda way: -way.saves)[:WAYS]


def _overtime(roster: Roster, person: int, per_slot: float) -> Way:
    who = roster.lay.week.people[person]
    now = best_week(roster, person)[1]
    more = best_week(roster, person, who.most + roster.lay.week.labour.overtime_week)[1]
    return Way(_("Dar horas extra a la persona %(id)s", id=who.id), (more - now) / per_slot, who.id)


def _newcomer(roster: Roster) -> Way:
    """The shift of the worst day that would meet most of its shortage, for somebody with the skills that lack."""
    lay = roster.lay
    short = missing(lay, roster.cover).reshape(7, -1)
    day = int(short.sum(axis=1).argmax())
    gain = (lay.works[:, 0, : lay.slots] * (short[day] > 0)).sum(axis=1)
    best = int(np.argmax(gain))
    name, weekday = lay.week.templates[best].name, _(WEEKDAYS[(day + lay.week.weekday) % 7])
    return Way(_("Una persona más el %(day)s en el turno %(name)s", day=weekday, name=name), float(gain[best]))
