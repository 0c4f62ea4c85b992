"""The same question for HiGHS: exact for a few dozen people, and for the neighbourhoods of larger offices.

One binary per person, day and template; meals are interchangeable within people of the same skills, so they are
counted, not named (one integer per skills, day, template and meal): the model is several times smaller.
"""

from collections.abc import Callable, Collection, Sequence
from itertools import pairwise, product

import highspy
import msgspec
import numpy as np

from app.workforce.best_week import Roster, Rows, short_price
from app.workforce.day_of_rest import limits
from app.workforce.errors import Floats
from app.workforce.hours_hull import cuts
from app.workforce.overtime import minutes_bind
from app.workforce.program import FREE, Listen, Program, listening, solver_for, stopping
from app.workforce.week_table import DAYS, weekend

Key = tuple[int, int, int]  #: person, day, template
FEW = 15  #: people up to whom the whole question is mostly proven, if it has all the time
SMALL = 50  #: people up to whom it has most of the time


class Answer(msgspec.Struct, frozen=True):
    """Rows per chosen person (None if nothing was found in time), the objective's bound, and whether it is proven."""

    rows: dict[int, Rows] | None
    bound: float
    proven: bool


class Relaxed(msgspec.Struct, frozen=True):
    """The linear relaxation: what no roster can go below, and the shifts (person, day, template) that it uses at all;
    minus infinity and none if there was no time."""

    bound: float
    shifts: frozenset[Key]


class Question:
    """The model of some people's weeks while the others stay as they are; days not in `days` stay too. With `only`, no
    other shifts are considered, but for those that stand."""

    def __init__(
        self,
        roster: Roster,
        people: Sequence[int],
        days: Sequence[int] = tuple(range(DAYS)),
        only: Collection[Key] | None = None,
    ) -> None:
        self.roster, self.lay, self.people, self.days = roster, roster.lay, list(people), set(days)
        self.only = only
        self.model = Program()
        self.shift = {key: self._shift(*key) for key in self._possible()}
        self.meal: dict[tuple[tuple[bool, ...], int, int, int], int] = {}
        for person in self.people:
            self._person(person)
        self._totals()
        self._meals()
        self._cover()

    def _possible(self) -> list[Key]:
        return [(p, d, k) for p in self.people for d in range(DAYS) for k in self._templates(p, d)]

    def _templates(self, person: int, day: int) -> list[int]:
        row = self.roster.rows[person][day]
        if day not in self.days:
            return [] if row is None else [row[0]]
        allowed = [int(k) for k in np.flatnonzero(self.lay.allowed[person, day])]
        if self.only is None:
            return allowed
        return [k for k in allowed if (person, day, k) in self.only or (row is not None and row[0] == k)]

    def _shift(self, person: int, day: int, k: int) -> int:
        slots = self.lay.slots
        hours = float(self.lay.works[k, 0, : (DAYS - day) * slots].sum())
        cost = float(self.lay.cost[person, day, k]) + self.lay.week.prices.over * hours
        return self.model.column(cost, 1.0, whole=True)

    def _of(self, person: int, day: int) -> dict[int, int]:
        """Template -> column."""
        return {k: self.shift[person, day, k] for k in self._templates(person, day)}

    def _person(self, person: int) -> None:
        """One shift a day (a fixed one whatever it costs), rest between, days in a row, weekends, days of overtime,
        contracted hours."""
        who, labour = self.lay.week.people[person], self.lay.week.labour
        days = [self._of(person, day) for day in range(DAYS)]
        every = [column for day in days for column in day.values()]
        for day, choices in enumerate(days):
            fixed = who.fixed.get(day) is not None
            self.model.row(list(choices.values()), [1.0] * len(choices), int(fixed), 1)
        for today, tomorrow in pairwise(days):
            self._rest(today, tomorrow)
        for begin in range(-min(who.run_before, labour.run_days), DAYS - labour.run_days):
            inside = [column for day in days[max(begin, 0) : begin + labour.run_days + 1] for column in day.values()]
            self.model.row(inside, [1.0] * len(inside), 0, labour.run_days + min(begin, 0))
        for columns, factors, most in limits(self.lay, person, days):
            self.model.row(columns, factors, -FREE, most)
        free = [column for day in np.flatnonzero(weekend(self.lay.week)) for column in days[day].values()]
        self.model.row(free, [1.0] * len(free), 0, who.weekend_days)
        long = [column for day in days for k, column in day.items() if self.lay.over[k]]
        self.model.row(long, [1.0] * len(long), 0, labour.overtime_days)
        if minutes_bind(self.lay, person):
            beyond = [float(self.lay.beyond[k]) for day in days for k in day if self.lay.over[k]]
            self.model.row(long, beyond, 0, labour.overtime_week)
        units = [float(self.lay.units[k]) for day in days for k in day]
        owed = self.model.column(short_price(self.lay), FREE, whole=False)
        self.model.row([*every, owed], [*units, 1.0], self.lay.whole(who.least), FREE)
        self.model.row(every, units, 0, self.lay.whole(who.most))
        self._whole_shifts(every, units, self.lay.whole(who.most))

    def _totals(self) -> None:
        """Whole numbers that the solver decides on before it decides who works which shift. Of few people: those at
        work on a day, those of them who come early, each one's days, all shifts; tight offices of ten are proven in a
        third of the time, if the totals have limits that mean something. Of some dozens: who works on which day."""
        people, early = len(self.people), np.median(self.lay.starts)
        if people > FEW:
            for person, day in product(self.people if people <= SMALL else (), range(DAYS)):
                self._total([(person, day, k) for k in self._templates(person, day)], 1)
            return
        for day in range(DAYS):
            self._total([key for key in self.shift if key[1] == day], people)
            self._total([key for key in self.shift if key[1] == day and self.lay.starts[key[2]] < early], people)
        for person in self.people:
            self._total([key for key in self.shift if key[0] == person], DAYS)
        self._total(list(self.shift), people * DAYS)

    def _total(self, keys: list[Key], most: int) -> None:
        if len(keys) > 1:
            total = self.model.column(0.0, float(most), whole=True)
            self.model.row([*(self.shift[key] for key in keys), total], [1.0] * len(keys) + [-1.0], 0, 0)

    def _whole_shifts(self, every: list[int], units: list[float], most: int) -> None:
        """The same hours in whole shifts."""
        weights = tuple(sorted({int(unit) for unit in units}))
        for factors, limit in cuts(weights, most):
            of = dict(zip(weights, factors, strict=True))
            self.model.row(every, [float(of[int(unit)]) for unit in units], -FREE, limit)

    def _rest(self, today: dict[int, int], tomorrow: dict[int, int]) -> None:
        """For each end: those who end then or later, and the next day's shifts too early for it, exclude each other."""
        for end in sorted({int(self.lay.ends[k]) for k in today}):
            late = [column for k, column in today.items() if self.lay.ends[k] >= end]
            last = next(k for k in today if self.lay.ends[k] == end)
            early = [column for k, column in tomorrow.items() if not self.lay.rests[last, k]]
            if early:
                self.model.row(late + early, [1.0] * len(late + early), 0, 1)

    def _meals(self) -> None:
        """Per skills, day and template: as many meals as shifts."""
        groups: dict[tuple[tuple[bool, ...], int, int], list[int]] = {}
        for (person, day, k), column in self.shift.items():
            groups.setdefault((tuple(self.lay.serves[person].tolist()), day, k), []).append(column)
        for (serves, day, k), columns in groups.items():
            meals = [self.model.column(0.0, float(len(columns)), whole=True) for _ in range(self.lay.meals[k])]
            self.meal |= {(serves, day, k, meal): column for meal, column in enumerate(meals)}
            self.model.row(columns + meals, [1.0] * len(columns) + [-1.0] * len(meals), 0, 0)

    def _cover(self) -> None:
        """Shortage at least what any subset of skills lacks beyond what the others cover."""
        others = self._others()
        inside = self._inside()
        prices = self.lay.week.prices
        for t in range(self.lay.need.shape[1]):
            lacking = self.lay.need[:, t] - others[:, t]
            if (lacking <= 0).all():
                continue
            under = self.model.column(prices.under + prices.over, FREE, whole=False)
            for s in np.flatnonzero(lacking > 0):
                columns = [column for serves, column in inside[t] if serves[s]]
                self.model.row([*columns, under], [1.0] * (len(columns) + 1), float(lacking[s]), FREE)

    def _inside(self) -> list[list[tuple[tuple[bool, ...], int]]]:
        """Per interval: the meal columns that are at work then."""
        slots, found = self.lay.slots, [[] for _ in range(self.lay.need.shape[1])]  # type: ignore[var-annotated]
        for (serves, day, k, meal), column in self.meal.items():
            for t in np.flatnonzero(self.lay.works[k, meal]) + day * slots:
                if t < len(found):
                    found[t].append((serves, column))
        return found

    def _others(self) -> Floats:
        mine = np.zeros_like(self.roster.cover)
        for person in self.people:
            mine += np.outer(self.lay.serves[person], self.roster.at_work(self.roster.rows[person]))
        return self.roster.cover - mine

    def read(self, solution: Sequence[float]) -> dict[int, Rows]:
        """Shifts per person; the counted meals dealt out, fixed ones first."""
        dealt = {key: round(solution[column]) for key, column in self.meal.items()}
        rows: dict[int, Rows] = {person: [None] * DAYS for person in self.people}
        for (person, day, k), column in sorted(self.shift.items(), key=lambda item: not self._fixed_meal(item[0])):
            if solution[column] > 0.5:
                rows[person][day] = k, self._deal(dealt, person, day, k)
        return rows

    def _fixed_meal(self, key: Key) -> bool:
        choice = self.lay.week.people[key[0]].fixed.get(key[1])
        return choice is not None and choice.meal >= 0

    def _deal(self, dealt: dict[tuple[tuple[bool, ...], int, int, int], int], person: int, day: int, k: int) -> int:
        serves = tuple(self.lay.serves[person].tolist())
        choice = self.lay.week.people[person].fixed.get(day)
        if choice is not None and choice.meal >= 0:
            meal = choice.meal
        else:
            meal = max(range(self.lay.meals[k]), key=lambda m: dealt[serves, day, k, m])
        dealt[serves, day, k, meal] -= 1
        return meal

    def ask(self, seconds: float, gap: float, listen: Listen | None = None) -> Answer:
        """Solve; keeps to `seconds`."""
        solver = solver_for(seconds, gap)
        solver.passModel(self.model.lp())
        self._start(solver)
        if listen:
            listening(solver, listen)
        solver.run()
        info, status = solver.getInfo(), solver.getModelStatus()
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        rows = self.read(solver.getSolution().col_value) if found else None
        return Answer(rows, float(info.mip_dual_bound), status == highspy.HighsModelStatus.kOptimal)

    def relaxed(self, seconds: float, stopped: Callable[[], bool] | None = None) -> Relaxed:
        """Solve without asking for whole people; keeps to `seconds`, and ends when `stopped`."""
        program = self.model.lp()
        program.integrality_ = []
        solver = solver_for(seconds, 0.0)
        solver.setOptionValue("solver", "ipm")  # of a hundred people a third of the simplex method's time, of two less
        solver.passModel(program)
        if stopped:
            stopping(solver, stopped)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return Relaxed(-FREE, frozenset())
        values = solver.getSolution().col_value
        used = frozenset(key for key, column in self.shift.items() if values[column] > 1e-6)
        return Relaxed(float(solver.getInfo().objective_function_value), used)

    def _start(self, solver: highspy.Highs) -> None:
        """Begin from the roster that stands."""
        begin = [
            (column, float((row := self.roster.rows[person][day]) is not None and row[0] == k))
            for (person, day, k), column in self.shift.items()
        ]
        columns, values = zip(*begin, strict=True) if begin else ((), ())
        solver.setSolution(len(columns), np.array(columns, dtype=np.int32), np.array(values))
