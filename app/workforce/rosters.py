"""Rosters: an answer within a second, better ones as long as there is time, and the reason for what is missing.

Everybody's best week in turn (best_week.py) gives the first answer. HiGHS then takes the shifts that the linear
relaxation uses, and the whole question: up to SMALL people for most of the time that is left (up to FEW for all of it),
up to LARGE for a while, which many offices need no more than. What time is left goes to parts, again and again:
everybody with some of the shifts, or a few people or days with all. `run` is for the kept child process: it streams
every better answer with its gap and stops when asked, keeping the best so far.
"""

import time
from collections.abc import Callable
from typing import Any, Protocol

import msgspec
import numpy as np

from app.frame.i18n import N_, _
from app.workforce.best_week import Roster, Rows, best_week
from app.workforce.crew import Week
from app.workforce.errors import demand
from app.workforce.evened import SECONDS, even_out
from app.workforce.result import Result, gap_between, shifts_of, told
from app.workforce.roster_mip import FEW, SMALL, Answer, Key, Question
from app.workforce.week_table import DAYS, Table, missing, table
from app.workforce.whole_weeks import least

LARGE = 200  #: people up to whom the whole question is tried at all
LIKELY = 0.6  #: share of the time for the shifts of the linear question
LIKELY_SMALL = 0.3  #: the same where the whole question has the rest
PATIENT = 0.85  #: and at most, while nothing is found
TRIED = 0.15  #: share of the time that it is tried for
TRIED_SMALL = 0.6  #: the same where it mostly suffices
WEEKS = 0.7  #: share of the rest, at most, for a bound from whole weeks
WIDE = 0.7  #: share of the parts that take everybody
GAP = 1e-3  #: near enough to the bound to stop
SLICE_S = 1.0
TOLD = 0.1  #: share of the time kept for the least that any roster would lack, where the first answer lacks anybody
WORDS = 1.5  #: causes and ways out take about so many times as long as the first answer; kept too, up to TOLD
HURRIED_S = 1.0  #: seconds that the least has of FEW people in any case: of more it may stay unknown, and is said to be
EVENED = 0.3  #: share of what the search leaves that evening out has
EVENED_S = 0.1  #: and in any case
WIDE_S = 5.0
SHARE = 0.1  #: of all other shifts that a wide question draws at first
GROWTH = 1.4  #: that share grows so while the questions are answered in time, and shrinks so when not
CROWD = (5, 9)  #: people in a neighbourhood, from and below
CROWD_SMALL = (3, 8)  #: the same where there are not many
MANY = {2: 60, 3: 30}  #: for so many days: people whose days are changed together


class Report(Protocol):
    """What the child process gives: progress out, the wish to stop in."""

    def __call__(self, data: dict[str, Any]) -> None: ...

    def cancelled(self) -> bool: ...


class _Silent:
    """Nobody listens."""

    def __call__(self, data: dict[str, Any]) -> None:
        return None

    def cancelled(self) -> bool:
        return False


def run(args: dict[str, Any], report: Report) -> dict[str, Any]:
    """For the child process: a Week as plain data in, a Result as plain data out."""
    found: dict[str, Any] = msgspec.to_builtins(solve(msgspec.convert(args, Week, strict=False), report))
    return found


def solve(week: Week, report: Report | None = None) -> Result:
    """The best roster within `week.seconds`, and at most about a second more where causes and ways out of many people
    have to be told; how many any roster would lack stays unknown when the time is over."""
    begun = time.monotonic()
    return _Search(table(week), report or _Silent(), begun).result()


def _shares(people: int) -> tuple[float, float]:
    """Of the time that is left: for the likely shifts, and then for the whole question."""
    if people <= FEW:
        return 0.0, 1.0
    return (LIKELY_SMALL, TRIED_SMALL) if people <= SMALL else (LIKELY, TRIED)


class _Search:
    def __init__(self, lay: Table, report: Report, begun: float) -> None:
        self.lay, self.report, self.begun = lay, report, begun
        self.end = self.until = begun + lay.week.seconds
        self.random = np.random.default_rng(lay.week.seed)
        self.roster = Roster(lay)
        self.bound: float | None = None
        self.first_s = 0.0
        self.likely: frozenset[Key] = frozenset()
        self.share = SHARE

    def result(self) -> Result:
        self._first()
        people = len(self.lay.week.people)
        likely, tried = _shares(people)
        self._relaxed()
        self._with_likely(likely)
        if people <= LARGE:
            self._whole(tried)
        if people <= SMALL:
            self._whole_weeks()
        self._parts()
        if self.lay.week.keep is None:
            even_out(self.roster, min(SECONDS, max(EVENED * self._spare(), EVENED_S)))
        patience = max(self._spare(), HURRIED_S if people <= FEW else 0.0)
        return told(self.roster, self.bound, self.begun, self.first_s, patience)

    def _spare(self) -> float:
        """Seconds that the search left."""
        return 0.0 if self.report.cancelled() else self.end - time.monotonic()

    def _first(self) -> None:
        """Everybody in turn, those who can do least first; then again while it helps."""
        self._begin()
        order = np.argsort([self.lay.serves[p].sum() for p in range(len(self.roster.rows))], kind="stable")
        self._sweep(order.tolist())
        self._check_fixed()
        self.first_s = time.monotonic() - self.begun
        if missing(self.lay, self.roster.cover).any():
            share = TOLD * self.lay.week.seconds
            self.until -= share + min(WORDS * self.first_s, share)
        self._say()
        before = float("inf")
        while self.roster.price() < before - 1e-9 and not self._over(0.3):
            before = self.roster.price()
            self._sweep(self.random.permutation(len(order)).tolist())
            self._say()

    def _check_fixed(self) -> None:
        """Everybody's best week keeps all fixed shifts that it can: one that is left out contradicts the others."""
        for who, rows in zip(self.lay.week.people, self.roster.rows, strict=True):
            kept = all(rows[day] is not None for day, choice in who.fixed.items() if choice is not None)
            why = N_("Los turnos fijos de la persona %(id)s no caben juntos: descanso, días seguidos u horas.")
            demand(kept, _(why, id=who.id), "people")

    def _begin(self) -> None:
        """When re-planning: what stood and still may."""
        for person, who in enumerate(self.lay.week.people):
            kept = (self.lay.week.keep or {}).get(who.id, {})
            rows: Rows = [None] * DAYS
            for day, choice in kept.items():
                if self.lay.allowed[person, day, choice.template]:
                    rows[day] = choice.template, max(choice.meal, 0)
            self.roster.put(person, rows)

    def _sweep(self, order: list[int]) -> None:
        for person in order:
            if self.first_s and self._over(0.5):
                return
            self.roster.put(person, best_week(self.roster, person)[0])

    def _over(self, share: float = 1.0) -> bool:
        spent = time.monotonic() - self.begun
        return self.report.cancelled() or spent >= share * (self.until - self.begun)

    def _left(self) -> float:
        return self.until - time.monotonic()

    def _relaxed(self) -> None:
        """A bound at once, from the linear question, and which shifts it uses."""
        if self._over():
            return
        relaxed = Question(self.roster, range(len(self.roster.rows))).relaxed(0.3 * self._left(), self.report.cancelled)
        self._bounded(relaxed.bound + self._constant())
        self.likely = relaxed.shifts
        self._say()

    def _with_likely(self, share: float) -> None:
        """The question with the shifts that the linear one uses: a few hundred of thousands, and nearly as good. It has
        longer where it has found nothing yet: the rest would find less."""
        if self._over() or not self.likely or not share:
            return
        question = Question(self.roster, range(len(self.roster.rows)), only=self.likely)
        listen = self._listener(self._constant(), time.monotonic() + share * self._left())
        answer = question.ask(PATIENT * self._left(), GAP, listen)
        if self._keep(answer.rows):
            self._say()

    def _whole_weeks(self) -> None:
        """A better bound, where people's weeks rather than the hours of the day make the question hard."""
        if self._over() or self._near_enough():
            return
        self._bounded(least(self.roster, WEEKS * self._left(), self.report.cancelled) + self._constant())
        self._say()

    def _bounded(self, bound: float) -> None:
        """The higher bound is the better."""
        if np.isfinite(bound):
            self.bound = bound if self.bound is None else max(bound, self.bound)

    def _whole(self, share: float) -> None:
        """The whole question, for a share of the time."""
        if self._over():
            return
        constant = self._constant()
        question = Question(self.roster, range(len(self.roster.rows)))
        answer = question.ask(share * self._left(), GAP, self._listener(constant))
        self._bounded(answer.bound + constant)
        if self._keep(answer.rows):
            self._say()

    def _constant(self) -> float:
        """What the solver leaves out: idle time counts from the need."""
        return -self.lay.week.prices.over * float(self.lay.need[-1].sum())

    def _listener(self, constant: float, enough: float = float("inf")) -> Callable[[float], bool]:
        """The gap that is streamed is to the bound that is sure: the one that the solver has at such a moment may be of
        a part that it looks at. From `enough` on any better answer will do."""
        begun = self.roster.price()
        best = [begun]

        def listen(objective: float) -> bool:
            if objective + constant < best[0] - 1e-6:
                best[0] = objective + constant
                self._tell(best[0])
            return self.report.cancelled() or (best[0] < begun and time.monotonic() > enough)

        return listen

    def _parts(self) -> None:
        """Neighbourhoods until the time is over or nothing is left to win."""
        wide = bool(self.likely) and len(self.roster.rows) <= LARGE
        while not self._over() and not self._near_enough():
            answer = self._wide() if wide and self.random.random() < WIDE else self._near()
            if self._keep(answer.rows):
                self._say()

    def _near(self) -> Answer:
        part = Question(self.roster, *self._neighbourhood())
        return part.ask(min(SLICE_S, self._left()), 1e-4)

    def _wide(self) -> Answer:
        """Everybody, with the shifts that stand, the likely ones and some others by lot (kernel search, Angelelli,
        Mansini and Speranza 2010); how many others, so that the time is used and suffices."""
        everything = np.argwhere(self.lay.allowed)
        drawn = everything[self.random.random(len(everything)) < self.share].tolist()
        only = self.likely | {(person, day, k) for person, day, k in drawn}
        part, seconds = Question(self.roster, range(len(self.roster.rows)), only=only), min(WIDE_S, self._left())
        answer = part.ask(seconds, GAP, self._stopped)
        self.share = min(1.0, self.share * GROWTH) if answer.proven else max(0.02, self.share / GROWTH)
        return answer

    def _stopped(self, _objective: float) -> bool:
        return self.report.cancelled()

    def _near_enough(self) -> bool:
        price = self.roster.price()
        return self.bound is not None and price - self.bound <= GAP * abs(price)

    def _neighbourhood(self) -> tuple[list[int], list[int]]:
        """A few people's whole weeks, or two or three days of many."""
        if self.random.random() < 0.4:
            crowd = CROWD if len(self.roster.rows) > SMALL else CROWD_SMALL
            return self._some(int(self.random.integers(*crowd))), list(range(DAYS))
        number = int(self.random.choice(list(MANY)))
        days = self.random.choice(DAYS, number, replace=False)
        return self._some(MANY[number]), [int(day) for day in days]

    def _some(self, number: int) -> list[int]:
        """People at random: measured, to aim at those near the worst intervals won nothing."""
        people = len(self.roster.rows)
        return [int(person) for person in self.random.choice(people, min(number, people), replace=False)]

    def _keep(self, rows: dict[int, Rows] | None) -> bool:
        """Take what is better."""
        if rows is None:
            return False
        before, old = self.roster.price(), {person: self.roster.rows[person] for person in rows}
        for person, week in rows.items():
            self.roster.put(person, week)
        better = self.roster.price() < before - 1e-9
        if not better:
            for person, week in old.items():
                self.roster.put(person, week)
        return better

    def _say(self) -> None:
        """The roster that stands, and how good it is."""
        self._tell(self.roster.price(), msgspec.to_builtins(shifts_of(self.roster)))

    def _tell(self, objective: float, shifts: list[dict[str, Any]] | None = None) -> None:
        """Figures, and the gap between them as in a Result; no shifts while the solver still has them."""
        spent = time.monotonic() - self.begun
        gap = None if self.bound is None else gap_between(objective, self.bound)
        told_now = {"objective": objective, "bound": self.bound, "gap": gap, "seconds": spent, "shifts": shifts}
        self.report(told_now)
