"""The contacts fragment of 50 rows for a signed-in person, beside Django's page of the same rows."""

import json
from collections.abc import Iterator

from tests.benchmarks.bench import Bench
from tests.benchmarks.http import Request
from tests.benchmarks.measure import Target, ratios, side_by_side, waits
from tests.benchmarks.office import PARTIAL, Office
from tests.benchmarks.scenarios.peers import django_page, said
from tests.benchmarks.table import Goal, Row, number

SEEN = 20  # pages that people look at again and again: rows that did not change are kept as HTML
FIXED_PER_S = 50


def run(bench: Bench) -> Iterator[Row]:
    with bench.office("page") as office, bench.peer("django_page") as django:
        cursors = list(walk(office, min(bench.rows // 50 - 1, 400)))
        ours = Target("ours", office.server, pages(office, cursors[:SEEN]))
        unseen = Target("unseen", office.server, pages(office, cursors[SEEN:]))
        django_target = django_page(bench, django)
        found = side_by_side([ours, unseen, django_target], bench.seconds, bench.rounds)
        mine, cold, theirs = found["ours"], found["unseen"], found[django_target.name]
        times = ratios(mine, theirs)
        yield Row(
            "contacts fragment of 50", said(mine), times, said(theirs), f"{number(times)} x", Goal("x", at_least=6)
        )
        yield Row("its CPU per request", f"{number(mine.cpu)} us", mine.cpu, goal=Goal("us", at_most=600))
        colder = ratios(cold, theirs)
        yield Row("the same, pages not looked at before", said(cold), colder, said(theirs), f"{number(colder)} x")
        felt = waits(ours, bench.seconds * 2, FIXED_PER_S)
        felt_ms = f"p50 {number(felt.ms(50))}, p99 {number(felt.ms(99))} ms"
        yield Row(f"the same at {FIXED_PER_S}/s", felt_ms, felt.ms(99), goal=Goal("ms", at_most=15))


def walk(office: Office, count: int) -> Iterator[str]:
    """Cursors of pages of 50, one after the other."""
    after = ""
    for _ in range(count):
        page = json.loads(office.ask(Request(f"/api/v1/contacts?after={after}", headers=office.program)).body)
        after = page["next"]
        yield after


def pages(office: Office, cursors: list[str]) -> list[Request]:
    """The next rows of the list, as htmx asks for them."""
    headers = office.session | PARTIAL
    return [Request(f"/contactos?after={cursor}", headers=headers) for cursor in cursors]
