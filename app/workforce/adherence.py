"""Planned against done: who was where the plan needed them, and for how long.

*Adherence*: seconds in the planned activity at the planned time / seconds planned. *Conformance*: seconds worked,
whenever / seconds of work planned (it may pass 100 %). Excused time (an approved absence, a fault of the system) counts
in neither.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from app.frame.i18n import N_, _
from app.workforce.errors import demand
from app.workforce.spans import Piece, Span, Stretch, apart, covered, ordered, overlaid, pieces, sliced

REASONS = {
    "absent": N_("No se presentó"),
    "late": N_("Llegó tarde"),
    "left_early": N_("Se fue antes"),
    "early_break": N_("Adelantó la pausa"),
    "long_break": N_("Alargó la pausa"),
    "away": N_("Fuera de su puesto"),
    "worked_break": N_("Trabajó en su pausa"),
    "unplanned": N_("Trabajó sin turno"),
}


class Fit(msgspec.Struct, frozen=True):
    """Which states count as doing which planned activity; `work` are the activities that are work."""

    states: Mapping[str, frozenset[str]]
    work: frozenset[str]

    def fits(self, piece: Piece) -> bool:
        return bool(piece.planned and piece.actual in self.states.get(piece.planned, frozenset()))

    def working(self, state: str | None) -> bool:
        """Whether a state is one in which planned work is done."""
        return state is not None and any(state in self.states[activity] for activity in self.work)


CALLS = Fit(
    states={
        "work": frozenset({"ready", "ringing", "talking", "hold", "after_call", "chat", "mail"}),
        "break": frozenset({"break", "offline"}),
        "lunch": frozenset({"lunch", "break", "offline"}),
        "training": frozenset({"training", "meeting"}),
        "meeting": frozenset({"training", "meeting"}),
    },
    work=frozenset({"work", "training", "meeting"}),
)


class Tally(msgspec.Struct, frozen=True):
    """Seconds; tallies of people, intervals and teams add up."""

    planned_s: float = 0.0
    adherent_s: float = 0.0
    planned_work_s: float = 0.0
    worked_s: float = 0.0
    excused_s: float = 0.0

    @property
    def adherence(self) -> float | None:
        return self.adherent_s / self.planned_s if self.planned_s else None

    @property
    def conformance(self) -> float | None:
        return self.worked_s / self.planned_work_s if self.planned_work_s else None

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            *(a + b for a, b in zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True))
        )


class Lapse(Stretch, frozen=True):
    """A stretch out of adherence; `reason` is a key of REASONS, `excuse` who says it was all right."""

    planned: str | None
    actual: str | None
    reason: str
    excuse: str | None = None


class Record(msgspec.Struct, frozen=True):
    """One person: the sum, each interval, every lapse, and how many states had to be cut because they overlapped."""

    total: Tally
    intervals: dict[datetime, Tally]
    lapses: list[Lapse]
    mended: int


def compare(
    planned: Iterable[Span],
    actual: Iterable[Span],
    until: datetime,
    *,
    excused: Iterable[Span] = (),
    fit: Fit = CALLS,
    minutes: int = 30,
) -> Record:
    """One person's plan against their states up to `until` (now, or the end of the period); later is not judged."""
    demand(until.tzinfo is not None, _("A una hora le falta su zona horaria."), "until")
    plan = apart(ordered(planned, until, "planned"), "planned")
    _known(plan, fit)
    states, mended = overlaid(ordered(actual, until, "actual"))
    excuses = covered(ordered(excused, until, "excused"))
    demand(all(span.what for span in excuses), _("A una justificación le falta su motivo."), "excused")
    whole = _before(pieces(plan, states, excuses), until)
    intervals = {begin: tally(part, fit) for begin, part in sliced(whole, minutes).items()}
    return Record(tally(whole, fit), intervals, _lapses(whole, _shifts(plan), fit), mended)


def _known(plan: Sequence[Span], fit: Fit) -> None:
    unknown = sorted({span.what for span in plan} - set(fit.states))
    demand(not unknown, _("No se sabe qué estados corresponden a: %(what)s.", what=", ".join(unknown)), "planned")


def _before(whole: Iterable[Piece], until: datetime) -> list[Piece]:
    begun = (piece for piece in whole if piece.start < until)
    return [msgspec.structs.replace(piece, end=min(piece.end, until)) for piece in begun]


def tally(whole: Iterable[Piece], fit: Fit) -> Tally:
    """Add up seconds."""
    total = Tally()
    for piece in whole:
        total += _weigh(piece, fit)
    return total


def _weigh(piece: Piece, fit: Fit) -> Tally:
    if piece.excuse:
        return Tally(excused_s=piece.seconds if piece.planned else 0.0)
    s = piece.seconds
    return Tally(
        planned_s=s if piece.planned else 0.0,
        adherent_s=s if fit.fits(piece) else 0.0,
        planned_work_s=s if piece.planned in fit.work else 0.0,
        worked_s=s if fit.working(piece.actual) else 0.0,
    )


def together(records: Iterable[Record]) -> tuple[Tally, dict[datetime, Tally]]:
    """A team: the sum, and the sum of each interval."""
    total, intervals = Tally(), dict[datetime, Tally]()
    for record in records:
        total += record.total
        for begin, part in record.intervals.items():
            intervals[begin] = intervals.get(begin, Tally()) + part
    return total, dict(sorted(intervals.items()))


def reasons(lapses: Iterable[Lapse]) -> dict[str, float]:
    """Seconds out of adherence by reason, of a person or (the lapses of all) a team; excused ones left out."""
    found: dict[str, float] = {}
    for lapse in lapses:
        if not lapse.excuse:
            found[lapse.reason] = found.get(lapse.reason, 0.0) + lapse.seconds
    return found


def lapsed(lapses: Iterable[Lapse], minutes: int = 30) -> dict[datetime, list[Lapse]]:
    """The lapses of each interval, cut at its borders."""
    return sliced(lapses, minutes)


def _shifts(plan: Sequence[Span]) -> list[tuple[datetime, datetime]]:
    """Planned spans that touch are one shift."""
    shifts: list[tuple[datetime, datetime]] = []
    for span in plan:
        end = span.end or span.start
        if shifts and shifts[-1][1] == span.start:
            shifts[-1] = shifts[-1][0], end
        else:
            shifts.append((span.start, end))
    return shifts


def _lapses(whole: Sequence[Piece], shifts: Sequence[tuple[datetime, datetime]], fit: Fit) -> list[Lapse]:
    runs = _runs(whole)
    return [_lapse(i, runs, shifts, fit) for i, piece in enumerate(runs) if _is_lapse(piece, fit)]


def _is_lapse(piece: Piece, fit: Fit) -> bool:
    return not fit.fits(piece) if piece.planned else fit.working(piece.actual)


def _runs(whole: Sequence[Piece]) -> list[Piece]:
    """Neighbouring pieces with the same plan, state and excuse as one."""
    joined: list[Piece] = []
    for piece in whole:
        if joined and joined[-1].end == piece.start and _same(joined[-1], piece):
            joined[-1] = msgspec.structs.replace(joined[-1], end=piece.end)
        else:
            joined.append(piece)
    return joined


def _same(a: Piece, b: Piece) -> bool:
    return (a.planned, a.actual, a.excuse) == (b.planned, b.actual, b.excuse)


def _lapse(i: int, runs: Sequence[Piece], shifts: Sequence[tuple[datetime, datetime]], fit: Fit) -> Lapse:
    piece = runs[i]
    reason = _reason(i, runs, shifts, fit)
    return Lapse(piece.start, piece.end, piece.planned, piece.actual, reason, piece.excuse)


def _reason(i: int, runs: Sequence[Piece], shifts: Sequence[tuple[datetime, datetime]], fit: Fit) -> str:
    piece = runs[i]
    if piece.planned is None:
        return "unplanned"
    if piece.planned not in fit.work:
        return "worked_break" if fit.working(piece.actual) else "away"
    begin, end = next(shift for shift in shifts if shift[0] <= piece.start < shift[1])
    shift = [run for run in runs if begin <= run.start < end]
    return _edge(piece, shift, shift[-1].end >= end, fit) or _pause(i, runs, fit)


def _edge(piece: Piece, shift: Sequence[Piece], over: bool, fit: Fit) -> str | None:
    """Missing at the beginning, at the end of a shift that is over, or altogether."""
    kept = [run for run in shift if run.planned in fit.work and fit.working(run.actual)]
    if not kept:
        return "absent"
    if piece.end <= kept[0].start:
        return "late"
    return "left_early" if over and piece.start >= kept[-1].end else None


def _pause(i: int, runs: Sequence[Piece], fit: Fit) -> str:
    """Away right before or right after a planned pause, in the state of that pause."""
    before, piece, after = runs[i - 1 : i], runs[i], runs[i + 1 : i + 2]
    if before and before[0].end == piece.start and _belongs(piece, before[0].planned, fit):
        return "long_break"
    if after and after[0].start == piece.end and _belongs(piece, after[0].planned, fit):
        return "early_break"
    return "away"


def _belongs(piece: Piece, pause: str | None, fit: Fit) -> bool:
    return pause not in fit.work and fit.fits(msgspec.structs.replace(piece, planned=pause))
