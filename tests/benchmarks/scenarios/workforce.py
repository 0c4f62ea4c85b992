"""Forecast against Prophet, coverage, cold start, cost; queue formulas against fifty digits, minimality, cost."""

import math
import time
from collections.abc import Callable, Iterable, Iterator

import mpmath as mp
import numpy as np

from app.workforce.calendar import Setting
from app.workforce.demand import forecast
from app.workforce.erlang import blocking, waiting
from app.workforce.service import Load, measure
from app.workforce.staffing import Target, required
from tests.benchmarks.bench import Bench
from tests.benchmarks.table import Goal, Row, number
from tests.benchmarks.workforce import install, memory, prophet_peer, series
from tests.benchmarks.workforce.contest import Score, cold, contest, held, year_inside
from tests.workforce import reference
from tests.workforce.offices import Office
from tests.workforce.promises import kept

WEEK = 336
PEER = "Prophet default"
BANDS = {0.8: (0.75, 0.88), 0.95: (0.92, 0.98)}  #: what coverage is to lie between
MANY = 60


def run(_bench: Bench) -> Iterator[Row]:
    truths = series.truths()
    half_hours = {n: contest(h, c, 7, 14, 7, truths.get(n)) for n, h, c in series.half_hours()}
    yield from _forecasts("half hours, 7 days", half_hours)
    yield from _coverage("half hours, 7 days", half_hours, {n: year_inside(h, c, 7) for n, h, c in series.half_hours()})
    real = [score for name, score in half_hours.items() if name not in truths]
    yield _beside_prophet("half hours, 7 days, real series", real, 0.58)
    yield from _known_truth({name: half_hours[name] for name in truths})
    days = {n: contest(h, c, 14, 20, 7) for n, h, c in series.daily()}
    yield from _forecasts("days, 14 days", days)
    yield from _coverage("days, 14 days", days, {n: year_inside(h, c, 14) for n, h, c in series.daily()})
    yield _beside_prophet("days, 14 days", list(days.values()), 0.82)
    yield from _beside_the_best(days)
    yield from _many()
    yield from _cold()
    yield from _year_cost()
    yield _install()
    yield from _formulas()
    yield _minimal()
    yield from _week_cost()


def _forecasts(what: str, scores: dict[str, Score]) -> Iterator[Row]:
    for name, score in scores.items():
        yield Row(
            f"forecast {what}: {name}", f"WAPE {score.ours / score.came:.1%}", peer=_peer(score), ratio=_ratio(score)
        )


def _coverage(what: str, newest: dict[str, Score], years: dict[str, dict[float, list[float]]]) -> Iterator[Row]:
    """Judged over a year of weekly origins; the newest ones, of the contest, are shown beside it."""
    for name, year in years.items():
        for level, (low, high) in BANDS.items():
            inside, lately = (_mean(part) for part in (year[level], newest[name].inside[level]))
            bound = Goal(f"of {level:.0%} inside", at_least=low, at_most=high)
            said = f"{inside:.1%} (<= {high:.0%}; {len(year[level])} origins; the newest {lately:.1%})"
            yield Row(f"coverage {level:.0%}, {what}: {name}", said, inside, goal=bound)


def _mean(shares: list[float]) -> float:
    return float(np.mean(shares)) if shares else math.nan


def _beside_prophet(what: str, scores: list[Score], most: float) -> Row:
    """Geometric mean of the ratios; of nothing where there is no series (see series.OWN) or no Prophet."""
    work, goal = f"forecast {what}: geometric mean", Goal("x Prophet", at_most=most)
    if not scores or not prophet_peer.installed():
        return Row(work, "no data", peer=PEER)
    middle = _middle([score.ours / score.prophet for score in scores])
    return Row(work, number(middle), middle, PEER, goal=goal)


def _beside_the_best(days: dict[str, Score]) -> Iterator[Row]:
    """Against that variant of Prophet which, in hindsight, did best on the series."""
    for name, score in days.items():
        if score.variants:
            best = min(score.variants, key=lambda variant: score.variants[variant])
            ratio, goal = score.ours / score.variants[best], Goal("x Prophet's best variant", at_most=1.05)
            yield Row(f"forecast days, 14 days: {name}", f"{number(ratio)} of {best}", ratio, goal=goal)


def _known_truth(made: dict[str, Score]) -> Iterator[Row]:
    """How much of the error on the made series is chance, which nobody can forecast."""
    if prophet_peer.installed():
        middle = _middle([score.ours / score.prophet for score in made.values()])
        truth = _middle([score.chance / score.prophet for score in made.values()])
        said = f"{number(middle)} (one who knew the truth: {number(truth)})"
        yield Row("forecast half hours, 7 days, made series: geometric mean", said, peer=PEER)
    middle = _middle([score.ours / score.chance for score in made.values()])
    yield Row("forecast half hours, made series: error beside chance alone", f"{middle:.3f}x")


def _many() -> Iterator[Row]:
    """How many coverages of many offices lie outside the bands; and by chance alone, for one who knew the truth."""
    tally = {(what, whose): 0 for what in ("half hours", "days") for whose in ("ours", "truth")}
    for office in series.many(MANY):
        whole, daily = office.history(office.days), office.daily(office.days)
        for what, history, truth, days, origins in (
            ("half hours", whole, office.expected, 7, 14),
            ("days", daily, office.totals[:, None], 14, 20),
        ):
            score = contest(history, "CR", days, origins, 7, peer=False)
            ours = {level: float(np.mean(inside)) for level, inside in score.inside.items()}
            tally[what, "ours"] += _outside(ours)
            tally[what, "truth"] += _outside(held(history, truth, office.noise, days, origins))
    for what in ("half hours", "days"):
        said = f"{tally[what, 'ours']} of {2 * MANY}"
        peer = f"one who knew the truth {tally[what, 'truth']}"
        yield Row(f"coverages outside the bands, {what}: {MANY} made offices, a third of them jump", said, peer=peer)


def _outside(coverage: dict[float, float]) -> int:
    return sum(not low <= coverage[level] <= high for level, (low, high) in BANDS.items())


def _middle(ratios: list[float]) -> float:
    """Geometric mean."""
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def _peer(score: Score) -> str:
    if not prophet_peer.installed():
        return f"a week ago {score.naive / score.came:.1%}"
    return f"{PEER} {score.prophet / score.came:.1%}, a week ago {score.naive / score.came:.1%}"


def _ratio(score: Score) -> str:
    return f"{number(score.ours / (score.prophet or score.naive))}x"


def _cold() -> Iterator[Row]:
    for name, history, country in series.daily():
        score = cold(history, country)
        best = min(score.naive, score.prophet or score.naive)
        goal = Goal("x the better of a week ago and Prophet", at_most=1)
        yield Row(f"cold start, 7 days: {name}", number(score.ours / best), score.ours / best, goal=goal)


def _year_cost() -> Iterator[Row]:
    history, setting = Office(5, days=365).history(365), Setting()
    took, grown = _best(lambda: forecast(history, setting, 7)), memory.of_a_forecast()
    yield Row("a year of half hours -> 7 days", f"{took * 1000:.0f} ms", took, goal=Goal("s", at_most=0.1))
    yield Row("its memory beyond the history", f"{grown:.0f} MB", grown, goal=Goal("MB", at_most=20))


def _install() -> Row:
    added = install.added_mb()
    return Row("install added beyond numpy", f"{added:.0f} MB", added, goal=Goal("MB", at_most=25))


def _formulas() -> Iterator[Row]:
    sizes = [(n, r) for n in (1, 2, 10, 100, 1000, 10_000) for r in (1e-6, 0.01, 0.3, 0.9, 0.99, 1.01, 3.0, 10.0)]
    worst = _worst(_off(float(blocking(_a(n), _a(n * r))[0]), reference.blocking(n, n * r)) for n, r in sizes)
    yield Row("Erlang B against 50 digits, relative", f"{worst:.1e}", worst * 1e12, goal=Goal("e-12", at_most=1))
    worst = _worst(_off(float(waiting(_a(n), _a(n * r))[0]), reference.waiting(n, n * r)) for n, r in sizes if r < 1)
    yield Row("Erlang C against 50 digits, relative", f"{worst:.1e}", worst * 1e12, goal=Goal("e-12", at_most=1))
    loads = [(n, r, p) for n in (1, 10, 60, 2000) for r in (0.5, 1.0, 3.0, 10.0) for p in (15.0, 180.0, 900.0)]
    worst = _worst(_off_patient(*load) for load in loads)
    yield Row("Erlang A against 50 digits, absolute", f"{worst:.1e}", worst * 1e12, goal=Goal("e-12", at_most=1))


def _worst(errors: Iterable[float]) -> float:
    """Not a number, should one be."""
    return float(np.max(list(errors)))


def _a(value: float) -> np.ndarray:
    return np.array([float(value)])


def _off(got: float, exact: mp.mpf) -> float:
    """Relative; a value below the smallest float counts as zero."""
    return float(abs(got - exact) / exact) if exact > 1e-290 else 0.0


def _off_patient(agents: int, load: float, patience_s: float) -> float:
    arrive = agents * load / 180
    exact = reference.impatient(agents, arrive, 180, patience_s, 20)
    mine = measure(Load(arrive * 1800, 180, 1800, patience_s), agents, 20)
    pairs = zip((mine.waits, mine.abandonment, mine.service_level), exact, strict=True)
    return max(float(abs(float(got[0]) - want)) for got, want in pairs)


def _minimal() -> Row:
    """Service levels, waits and hang-ups promised, one at a time, for patient callers and others."""
    promises = [{"service_level": level} for level in (0.2, 0.5, 0.7, 0.8, 0.9)]
    promises += [{"service_level": None, "asa_s": asa_s} for asa_s in (1.0, 30.0)]
    promises += [{"service_level": None, "abandonment": lost} for lost in (0.01, 0.1)]
    erlangs, wrong, cases = np.arange(0.1, 100, 0.25), 0, 0
    for promise in promises:
        for patience_s in (None, 120.0):
            load, target = Load(erlangs * 10, 180, 1800, patience_s), Target(occupancy=1.0, **promise)
            agents = required(load, target).agents
            fewer = kept(measure(load, agents - 1), target) & (agents > 1)
            wrong += int((~kept(measure(load, agents), target) | fewer).sum())
            cases += len(erlangs)
    return Row(f"not minimal, of {cases:,} cases", str(wrong), wrong, goal=Goal("cases", at_most=0))


def _week_cost() -> Iterator[Row]:
    """Offices of few calls and of many, no two half hours alike."""
    shape = np.tile(np.maximum(0.05, np.sin(np.linspace(0, np.pi, 48))), 7)
    assert len(shape) == WEEK
    calls = shape * np.random.default_rng(1).gamma(50, 1 / 50, WEEK)
    for peak in (20, 110, 300, 1000):
        load = Load(calls * peak, 300, 1800, 180)
        took = _best(lambda load=load: required(load, Target()))
        work = f"336 half hours by Erlang A, {peak} calls at the peak"
        yield Row(work, f"{took * 1000:.0f} ms", took, goal=Goal("s", at_most=0.1))


def _best(work: Callable[[], object], times: int = 5) -> float:
    """The fastest of a few runs, in seconds: the machine's other work does not count."""
    took = []
    for _again in range(times):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return min(took)
