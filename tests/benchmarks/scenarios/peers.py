"""The machine's floor and the peers alone, so that a run on another machine can be compared with this one."""

from collections.abc import Iterator

from tests.benchmarks import floor
from tests.benchmarks.bench import Bench, cookie
from tests.benchmarks.http import Request
from tests.benchmarks.measure import Result, Target, side_by_side
from tests.benchmarks.processes import Served
from tests.benchmarks.table import Row, number

BEFORE = 90_000


def run(bench: Bench) -> Iterator[Row]:
    for what, micros in floor.page_us(bench.contacts_file).items():
        yield Row(f"floor: {what} of 50, one thread", f"{number(micros)} us, {number(1e6 / micros)}/s")
    with bench.peer("django_page") as django, bench.peer("flask_json") as flask:
        targets = [django_page(bench, django), flask_page(flask)]
        for name, result in side_by_side(targets, bench.seconds, bench.rounds).items():
            yield Row(f"peer: {name}", said(result))
        yield whole_list(bench, flask)


def django_page(bench: Bench, server: Served) -> Target:
    """The Django page as a signed-in person asks for it."""
    session = cookie(bench.ask(server, Request("/sign-in")))
    return Target("Django page of 50", server, [Request(f"/contacts?before={BEFORE}", headers={"Cookie": session})])


def flask_page(server: Served) -> Target:
    return Target("Flask JSON of 50", server, [Request(f"/contacts?before={BEFORE}")])


def flask_insert(server: Served) -> Target:
    body = b'{"name": "Ana Mora", "phone": "+50688887777"}'
    return Target("Flask insert", server, [Request("/contacts", "POST", {"Content-Type": "application/json"}, body)])


def whole_list(bench: Bench, server: Served) -> Row:
    """Every contact in one answer, which is what the older tool does for a page."""
    target = Target("whole list", server, [Request("/all")])
    result = side_by_side([target], bench.seconds, 1, connections=1)["whole list"]
    megabytes = result.loads[0].bytes / result.loads[0].count / 1e6
    return Row(f"peer: the whole list of {bench.rows:,}", f"{number(result.rate)}/s, {number(megabytes)} MB each")


def said(result: Result) -> str:
    return f"{number(result.rate)}/s, {number(result.cpu)} us CPU"
