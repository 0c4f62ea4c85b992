"""What a short roster lacks, and why."""

from collections import Counter
from collections.abc import Iterator

import msgspec
import numpy as np

from app.frame.i18n import N_, _
from app.workforce.best_week import Roster
from app.workforce.rules import broken
from app.workforce.ways_out import Way, ways_out
from app.workforce.week_table import Ints, Table, lacking

CAUSES = {
    "skill": N_("nadie más tiene la habilidad"),
    "availability": N_("no están disponibles"),
    "hours": N_("ya tienen sus horas de contrato"),
    "rest": N_("lo impide el descanso entre turnos"),
    "run": N_("lo impide el día de descanso de la semana"),
    "overtime": N_("la ley no permite más días de horas extra"),
    "overtime_week": N_("la ley no permite más horas extra en la semana"),
    "weekend": N_("ya tienen sus días de fin de semana"),
    "demand": N_("hacen falta más en otra hora"),
    "price": N_("un turno más o un cambio costaría más que lo que falta"),
    "before": N_("solo llegaría un turno que empezaba antes y ya no se puede cambiar"),
}
NAMED = 3  #: people of whom it is said that hours of their contract are not given


class Shortage(msgspec.Struct, frozen=True):
    """`slots`: (interval of the week, people missing). `causes`: how often each keeps somebody away from one.
    `unavoidable`: how many people-intervals any roster of these people would lack, at the least. `owed`: (person id,
    weekly minutes of the contract that are not given)."""

    slots: tuple[tuple[int, int], ...]
    causes: dict[str, int]
    ways: tuple[Way, ...]
    interval: int = 30
    unavoidable: int = 0
    owed: tuple[tuple[int, int], ...] = ()

    def sentence(self) -> str:
        """In words: how much, why, how much of it no roster could help, and whose contract is not filled."""
        return " ".join((self._missing() if self.slots else _("No falta nadie."), *self._not_given()))

    def _missing(self) -> str:
        absent = sum(people for _slot, people in self.slots)
        why = max(self.causes, key=lambda cause: self.causes[cause]) if self.causes else "demand"
        said = _(
            "Faltan %(n).1f horas de personas; sobre todo porque %(why)s.", n=self._hours(absent), why=_(CAUSES[why])
        )
        return " ".join((said, *self._beyond_help(absent)))

    def _beyond_help(self, absent: int) -> tuple[str, ...]:
        if not self.unavoidable:
            return ()
        if self.unavoidable >= absent:
            return (_("Con estas personas ningún rol cubriría más."),)
        hours = self._hours(self.unavoidable)
        return (_("De ellas, al menos %(n).1f no las cubriría ningún rol con estas personas.", n=hours),)

    def _not_given(self) -> tuple[str, ...]:
        if not self.owed:
            return ()
        who = ", ".join(str(person) for person, _minutes in self.owed[:NAMED])
        who += ", …" if len(self.owed) > NAMED else ""
        hours = sum(minutes for _person, minutes in self.owed) / 60
        return (_("No se pudieron dar %(n).1f horas de contrato (personas: %(who)s).", n=hours, who=who),)

    def _hours(self, intervals: int) -> float:
        return intervals * self.interval / 60


def shortage(roster: Roster, unavoidable: int = 0) -> Shortage:
    """Look at every short interval that is not over and everybody who is not at work in it."""
    short = np.rint(lacking(roster.lay, roster.cover)).astype(int)
    slots = tuple((int(t), int(short[t])) for t in np.flatnonzero(short))
    interval, owed = roster.lay.week.interval, tuple(_owed(roster))
    if not slots:
        return Shortage((), {}, (), interval, owed=owed)
    causes, ways = dict(_causes(roster, short)), tuple(ways_out(roster))
    return Shortage(slots, causes, ways, interval, unavoidable, owed)


def _owed(roster: Roster) -> Iterator[tuple[int, int]]:
    """Contracts that are not filled by an interval of work or more."""
    lay = roster.lay
    for who, rows in zip(lay.week.people, roster.rows, strict=True):
        units = sum(int(lay.units[row[0]]) for row in rows if row is not None)
        short = int((lay.whole(who.least) - units) * lay.step)
        if short >= lay.week.interval:
            yield who.id, short


def _causes(roster: Roster, short: Ints) -> Counter[str]:
    found = Counter[str]()
    for person in range(len(roster.rows)):
        helps = roster.gain(person) > 0
        for t in np.flatnonzero((short > 0) & (roster.at_work(roster.rows[person]) == 0)):
            found[_cause(roster, person, int(t), bool(helps[t]))] += 1
    return found


def _cause(roster: Roster, person: int, t: int, able: bool) -> str:
    """The commonest thing that keeps this person from the shifts that would reach the interval."""
    if not able:
        return "skill"
    reaching = _reaching(roster.lay, person, t)
    if not reaching:
        return "before" if _begins_before(roster.lay, person, t) else "availability"
    barred = Counter(_bar(roster, person, day, k) for day, k in reaching)
    return "price" if "" in barred else barred.most_common(1)[0][0]


def _bar(roster: Roster, person: int, day: int, k: int) -> str:
    """What keeps this person from one more shift; empty if nothing does."""
    rows = roster.rows[person]
    if rows[day] is not None:
        return "demand"
    return broken(roster.lay, person, [*rows[:day], (k, 0), *rows[day + 1 :]])


def _reaching(lay: Table, person: int, t: int) -> list[tuple[int, int]]:
    """(day, template) of the allowed shifts that are at work in the interval, with some meal: of that day, and of the
    evening before."""
    day, slot = divmod(t, lay.slots)
    begins = [(day, slot), (day - 1, slot + lay.slots)] if day else [(day, slot)]
    return [
        (begin, int(k))
        for begin, at in begins
        for k in np.flatnonzero(lay.allowed[person, begin] & lay.works[:, :, at].any(axis=1))
    ]


def _begins_before(lay: Table, person: int, t: int) -> bool:
    """Whether one of the person's shifts would reach it from an evening that is over."""
    day, slot = divmod(t, lay.slots)
    own = lay.week.people[person].templates
    reach = set(np.flatnonzero(lay.works[:, :, slot + lay.slots].any(axis=1)).tolist())
    return day == lay.week.since and bool(reach if own is None else reach.intersection(own))
