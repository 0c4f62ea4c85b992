"""A page of 50 contacts as JSON for a program, beside Flask's page and the whole list that the older tool sends."""

from collections.abc import Iterator

from tests.benchmarks.bench import Bench
from tests.benchmarks.http import Request
from tests.benchmarks.measure import Result, Target, ratios, side_by_side
from tests.benchmarks.scenarios.page import walk
from tests.benchmarks.scenarios.peers import flask_page, said
from tests.benchmarks.table import Goal, Row, number

SEEN = 40  # pages that programs ask for again and again: contacts that did not change are kept as JSON


def run(bench: Bench) -> Iterator[Row]:
    with bench.office("json") as office, bench.peer("flask_json") as flask:
        cursors = list(walk(office, min(bench.rows // 50 - 1, 400)))
        requests = [Request(f"/api/v1/contacts?after={c}", headers=office.program) for c in cursors]
        flask_target = flask_page(flask)
        targets = [Target("ours", office.server, requests[:SEEN]), Target("unseen", office.server, requests[SEEN:])]
        found = side_by_side([*targets, flask_target], bench.seconds, bench.rounds)
        ours, cold, theirs = found["ours"], found["unseen"], found[flask_target.name]
        times, colder = ratios(ours, theirs), ratios(cold, theirs)
        yield Row("JSON page of 50", said(ours), times, said(theirs), _both(times, ours, theirs), Goal("x", at_least=3))
        yield Row("the same, pages not asked for before", said(cold), colder, said(theirs), _both(colder, cold, theirs))
        whole = side_by_side([Target("whole", flask, [Request("/all")])], bench.seconds, 1, connections=1)["whole"]
        times = ours.rate / whole.rate
        goal = Goal("x", at_least=200)
        yield Row("beside the whole list", said(ours), times, f"{number(whole.rate)}/s", f"{number(times)} x", goal)


def _both(times: float, ours: Result, theirs: Result) -> str:
    """By rate, and by processor time, which a busy machine disturbs less."""
    return f"{number(times)} x, {number(theirs.cpu / ours.cpu)} x by CPU"
