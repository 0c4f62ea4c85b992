"""One person's best week against what everybody else already covers: dynamic programming, exact, some milliseconds.

State after a day: last shift (or none), days worked in a row, overtime (overtime.py), weighed hours so far. Sweeping
over the people in turn is the roster that stands within a second; each step can only improve the whole.
"""

import msgspec
import numpy as np

from app.workforce.errors import Floats
from app.workforce.overtime import axis
from app.workforce.week_table import DAYS, Bools, Ints, Table, missing, restful_since, weekend

NEVER = -1e12
Rows = list[tuple[int, int] | None]  #: per day (template, meal) or None
Origin = tuple[Ints, Ints]  #: the states looked at, and for each cell which of them was the best
Trail = tuple[Origin, dict[int, Origin]]  #: of one day: where a day off came from, and where each shift came from


class Nights(msgspec.Struct, frozen=True):
    """Shifts after which a free day may be none of rest; -1 for the last one of the week before, if it is such."""

    after: tuple[int, ...]
    restful: Bools  #: (these, k): whether it is, before such a shift

    @classmethod
    def of(cls, lay: Table, person: int) -> "Nights":
        after = np.flatnonzero(~lay.restful.all(axis=1)).tolist()
        since = restful_since(lay, person)
        if since.all():
            return cls(tuple(after), lay.restful[after])
        return cls((*after, -1), np.vstack((lay.restful[after], since)))

    def first(self, none: int) -> "Nights":
        """On the first day nobody comes from another shift than last week's; `none` is its place among the states."""
        return Nights(tuple(none if last < 0 else -1 for last in self.after), self.restful)


class Roster:
    """Everybody's week and the coverage that it gives; changed in place, one person at a time."""

    def __init__(self, lay: Table) -> None:
        self.lay = lay
        self.rows: list[Rows] = [[None] * DAYS for _ in lay.week.people]
        self.cover = np.zeros_like(lay.need)

    def put(self, person: int, rows: Rows) -> None:
        self.cover += np.outer(self.lay.serves[person], self.at_work(rows) - self.at_work(self.rows[person]))
        self.rows[person] = rows

    def at_work(self, rows: Rows) -> Floats:
        """(t,) 1 where these shifts are at work; what runs past the week's end is not counted."""
        slots = self.lay.slots
        line = np.zeros((DAYS + 1) * slots)
        for day, row in enumerate(rows):
            if row is not None:
                line[day * slots : (day + 2) * slots] += self.lay.works[row[0], row[1]]
        return line[: DAYS * slots]

    def gain(self, person: int) -> Floats:
        """(t,) what one more interval of this person's work is worth."""
        prices, hit = self.lay.week.prices, self.lay.serves[person][:, None]
        fewer = missing(self.lay, self.cover) - missing(self.lay, self.cover + hit)
        return (prices.under + prices.over) * fewer - prices.over

    def price(self) -> float:
        """The objective: people missing, people idle, contracted hours not given, and everything with a cost."""
        prices, lay = self.lay.week.prices, self.lay
        short = missing(lay, self.cover)
        busy = sum(float(self.at_work(rows).sum()) for rows in self.rows)
        idle = busy - float(lay.need[-1].sum()) + float(short.sum())
        return prices.under * float(short.sum()) + prices.over * idle + sum(
            self.personal(p, rows) for p, rows in enumerate(self.rows)
        )  # fmt: skip

    def personal(self, person: int, rows: Rows) -> float:
        worked = [(day, row[0]) for day, row in enumerate(rows) if row is not None]
        units = sum(int(self.lay.units[k]) for _, k in worked)
        cost = sum(float(self.lay.cost[person, day, k]) for day, k in worked)
        return cost + short_price(self.lay) * max(0, self.lay.whole(self.lay.week.people[person].least) - units)


def short_price(lay: Table) -> float:
    """Per missing unit; `short` is for eight hours."""
    return lay.week.prices.short * float(lay.step) / 480


def best_week(roster: Roster, person: int, most: int | None = None) -> tuple[Rows, float]:
    """The best shifts of this person against the others' coverage, and what they are worth. `most` replaces the
    contract's greatest weekly minutes."""
    own = roster.rows[person]
    roster.put(person, [None] * DAYS)
    gain = roster.gain(person)
    roster.put(person, own)
    return best_at(roster.lay, person, gain, most)


def best_at(lay: Table, person: int, gain: Floats, most: int | None = None) -> tuple[Rows, float]:
    """The best shifts of this person where an interval of work is worth `gain` (t,); NEVER where no week is allowed."""
    who = lay.week.people[person]
    worth, meal = _worth(lay, person, gain)
    weekends = np.flatnonzero(weekend(lay.week))
    found = _best(lay, person, worth, most)
    if sum(found[0][day] is not None for day in weekends) > who.weekend_days:
        found = max((_best(lay, person, _without(worth, day), most) for day in _drops(who.weekend_days, weekends)),
                    key=lambda pair: pair[1])  # fmt: skip
    return [None if k is None else (k, int(meal[day, k])) for day, k in enumerate(found[0])], found[1]


def _drops(limit: int, weekends: Ints) -> list[Ints]:
    """The weekend days to leave out: all for none allowed, each in turn for one."""
    return [weekends] if limit == 0 else [np.array([day]) for day in weekends]


def _without(worth: Floats, days: Ints) -> Floats:
    less = worth.copy()
    less[days] = NEVER
    return less


def _worth(lay: Table, person: int, gain: Floats) -> tuple[Floats, Ints]:
    """(d, k) the worth of each shift with its best meal, or its fixed one, and which meal that is."""
    slots, fixed = lay.slots, lay.week.people[person].fixed
    longer = np.concatenate((gain, np.zeros(slots)))
    spans = np.stack([longer[day * slots : (day + 2) * slots] for day in range(DAYS)])
    value = np.einsum("klt,dt->dkl", lay.works, spans)
    value[:, np.arange(value.shape[2]) >= lay.meals[:, None]] = NEVER
    for day, choice in fixed.items():
        if choice is not None and choice.meal >= 0:
            value[day, :, np.arange(value.shape[2]) != choice.meal] = NEVER
    best = value.max(axis=2) - lay.cost[person]
    return np.where(lay.allowed[person], best, NEVER), value.argmax(axis=2)


def _best(lay: Table, person: int, worth: Floats, most: int | None) -> tuple[list[int | None], float]:
    """Forward over the days, back along the choices. Axes: last shift (k means none; from k + 1 on a free day after one
    of `nights`, which may be too short to be one of rest), run, overtime, hours."""
    who, k = lay.week.people[person], len(lay.units)
    (over, lawful), nights = axis(lay, person), Nights.of(lay, person)
    steps, top = lay.units, min(lay.whole(who.most if most is None else most), DAYS * int(lay.units.max()))
    shape = k + 1 + len(nights.after), lay.week.labour.run_days + 1, len(lawful), top + 1
    value = np.full(shape, NEVER)
    value[k, min(who.run_before, lay.week.labour.run_days), 0, 0] = 0.0
    trail: list[Trail] = []
    for day in range(DAYS):
        value, came = _day(lay, value, worth[day], steps, over, nights if day else nights.first(k))
        value[:, :, ~lawful] = NEVER
        if who.fixed.get(day) is not None:
            value[k:] = NEVER  # a fixed day is worked, whatever it costs: no reward outweighs every price
        trail.append(came)
    owed = np.maximum(lay.whole(who.least) - np.arange(top + 1), 0) * short_price(lay)
    final = value - owed
    place = np.unravel_index(int(final.argmax()), final.shape)
    if final[place] <= NEVER / 2:
        return [None] * DAYS, NEVER
    return _walk(trail, tuple(int(x) for x in place), steps, over, value.shape[1], nights), float(final.max())


def _day(
    lay: Table, value: Floats, worth: Floats, steps: Ints, over: Ints, nights: Nights
) -> tuple[Floats, Trail]:  # fmt: skip
    """One day on: a day off forgets shift and run, a shift needs rest after the last and adds to the others. A day off
    after one of the `nights` forgets neither: the next shift may come too early for it."""
    k = len(steps)
    after = np.full_like(value, NEVER)
    after[k, 0], off_from = _off(value, [last for last in nights.after if last >= 0])
    for place, last in enumerate(nights.after):
        if last >= 0:
            after[k + 1 + place] = value[last]
    came: dict[int, Origin] = {}
    known: dict[bytes, tuple[Floats, Origin]] = {}
    for new in range(k):
        if worth[new] <= NEVER / 2 or steps[new] >= value.shape[3] or over[new] >= value.shape[2]:
            continue
        alike = lay.rests[:, new].tobytes() + nights.restful[:, new].tobytes()  # most follow the same: looked for once
        if alike not in known:
            known[alike] = _before(value, np.append(np.flatnonzero(lay.rests[:, new]), k), nights.restful[:, new])
        best, (places, where) = known[alike]
        inside = slice(value.shape[2] - over[new]), slice(value.shape[3] - steps[new])
        came[new] = places, where[:, *inside]
        after[new, 1:, over[new] :, steps[new] :] = best[:, *inside] + worth[new]
    return after, (off_from, came)


def _off(value: Floats, kept: list[int]) -> tuple[Floats, Origin]:
    """The best of all states but those after the `kept` shifts, and which of them it is (place x runs + run)."""
    others = np.setdiff1d(np.arange(len(value)), kept)
    flat = (value[others] if kept else value).reshape(-1, *value.shape[2:])
    best = flat.argmax(axis=0)
    return np.take_along_axis(flat, best[None], axis=0)[0], (others, best)


def _before(value: Floats, lasts: Ints, restful: Bools) -> tuple[Floats, Origin]:
    """The best of the states after these shifts or a day off, by run, and at which place of them it is. From a day off
    that proves one of rest the run begins anew: that origin is -1 - (last x runs + run)."""
    free, runs = len(value) - len(restful), value.shape[1]
    places = np.concatenate((lasts, free + np.flatnonzero(~restful)))
    part = value[places, :-1]
    best, where = part.max(axis=0), part.argmax(axis=0)
    for place in free + np.flatnonzero(restful):
        fresh, run = value[place].max(axis=0), value[place].argmax(axis=0)
        better = fresh > best[0]
        best[0], where[0] = np.where(better, fresh, best[0]), np.where(better, -1 - (place * runs + run), where[0])
    return best, (places, where)


def _walk(
    trail: list[Trail], end: tuple[int, ...], steps: Ints, over: Ints, runs: int, nights: Nights
) -> list[int | None]:  # fmt: skip
    """From the best end back to the first day."""
    last, run, times, hours = end
    chosen: list[int | None] = []
    for day, ((others, best), came) in reversed(list(enumerate(trail))):
        if last >= len(steps):
            chosen.append(None)
            if last > len(steps):
                last = (nights if day else nights.first(len(steps))).after[last - len(steps) - 1]
                continue
            place, run = divmod(int(best[times, hours]), runs)
            last = int(others[place])
            continue
        chosen.append(last)
        hours, run, times = hours - int(steps[last]), run - 1, times - int(over[last])
        places, where = came[last]
        at = int(where[run, times, hours])
        last, run = (int(places[at]), run) if at >= 0 else divmod(-1 - at, runs)
    return chosen[::-1]
