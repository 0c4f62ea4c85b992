"""The kept child process: runs, progress, errors. Real processes."""

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest

from app.frame.child import Child, ChildFailed
from app.frame.i18n import PLACE, Place
from tests.frame.child_bed import ERRANDS, Heard


@pytest.fixture
async def child() -> AsyncIterator[Child]:
    child = Child()
    yield child
    await child.close()


async def test_it_works(child):
    answer = await child.run(ERRANDS + "add", {"a": 2, "b": 3})
    assert answer["sum"] == 5
    assert answer["pid"] != os.getpid()


async def test_the_process_is_kept_between_runs(child):
    first = await child.run(ERRANDS + "add", {"a": 1, "b": 1})
    second = await child.run(ERRANDS + "add", {"a": 2, "b": 2})
    assert first["pid"] == second["pid"]


async def test_two_runs_get_two_processes_and_a_third_waits(child):
    stop, heard = asyncio.Event(), [Heard(), Heard()]
    waiting = [asyncio.create_task(child.run(ERRANDS + "wait_politely", {}, h, stop=stop)) for h in heard]
    await asyncio.gather(*(h.first.wait() for h in heard))
    third = asyncio.create_task(child.run(ERRANDS + "add", {"a": 1, "b": 1}))
    await asyncio.sleep(0.1)
    assert not third.done()
    stop.set()
    await asyncio.gather(*waiting)
    pids = {h.data[0]["pid"] for h in heard}
    assert len(pids) == 2
    assert (await third)["pid"] in pids


async def test_progress_arrives_whole_and_in_order(child):
    heard = Heard()
    assert await child.run(ERRANDS + "count", {"to": 500}, heard) == {"counted": 500}
    assert [d["at"] for d in heard.data] == list(range(500))


async def test_large_arguments_and_results_pass(child):
    text = "ñ" * 3_000_000
    assert (await child.run(ERRANDS + "add", {"a": text, "b": "!"}))["sum"] == text + "!"


async def test_stray_prints_go_to_the_log_and_not_into_the_answer(child, caplog):
    with caplog.at_level(logging.WARNING, logger="centralita.child"):
        logging.getLogger("centralita").propagate = True
        assert await child.run(ERRANDS + "chatter", {}) == {"quiet": False}
        await child.close()
    said = "\n".join(r.getMessage() for r in caplog.records)
    assert all(part in said for part in ("hello on stdout", "raw bytes on stdout", "hello on stderr"))


async def test_the_child_speaks_the_language_of_the_request(child):
    token = PLACE.set(Place("en", "en", "America/Mexico_City"))
    try:
        assert (await child.run(ERRANDS + "add", {"a": 1, "b": 1}))["language"] == "en"
    finally:
        PLACE.reset(token)


async def test_an_error_for_people_keeps_its_sentence_and_field(child):
    with pytest.raises(ChildFailed) as caught:
        await child.run(ERRANDS + "refuse", {})
    error = caught.value
    assert (error.sentence, error.field, error.kind) == ("Ese archivo no sirve.", "file", "Refused")
    assert error.expected


async def test_a_bug_keeps_its_trace_for_the_log_and_hides_it_from_people(child):
    with pytest.raises(ChildFailed) as caught:
        await child.run(ERRANDS + "stumble", {"zero": 0})
    error = caught.value
    assert not error.expected
    assert "ZeroDivisionError" in error.trace
    assert "zero" not in error.sentence
    assert (await child.run(ERRANDS + "add", {"a": 1, "b": 1}))["sum"] == 2


@pytest.mark.parametrize(
    ("dotted", "kind"),
    [
        (ERRANDS + "unpackable", "TypeError"),
        (ERRANDS + "leave", "SystemExit"),
        (ERRANDS + "missing", "AttributeError"),
        (ERRANDS + "devour", "MemoryError"),
        ("nowhere.at.all:f", "ModuleNotFoundError"),
    ],
)
async def test_whatever_goes_wrong_is_an_answer(child, dotted, kind):
    with pytest.raises(ChildFailed) as caught:
        await child.run(dotted, {})
    assert caught.value.kind == kind


async def test_an_error_in_progress_ends_the_run_and_is_raised_as_it_is(child):
    async def broken(data: dict) -> None:
        raise LookupError("the row is gone")

    with pytest.raises(LookupError, match="the row is gone"):
        await child.run(ERRANDS + "deaf", {}, broken)
    assert (await child.run(ERRANDS + "add", {"a": 1, "b": 1}))["sum"] == 2


async def test_a_timeout_of_progress_itself_is_not_called_late(child):
    async def slow(data: dict) -> None:
        raise TimeoutError("the pool is empty")

    with pytest.raises(TimeoutError, match="the pool is empty"):
        await child.run(ERRANDS + "deaf", {}, slow, limit_s=60)


async def test_the_loop_goes_on_while_the_child_computes(child):
    """Other tasks run between the first word and the end, however busy the child is."""
    heard, turns = Heard(), 0
    run = asyncio.create_task(child.run(ERRANDS + "busy", {}, heard))
    await heard.first.wait()
    for _ in range(50):
        await asyncio.sleep(0.001)
        turns += 1
        assert not run.done()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert turns == 50


LIGHT = ("app.frame.child", "app.contacts.imports.columns", "app.contacts.imports.rows", "app.contacts.exports.formats")


@pytest.mark.parametrize("module", LIGHT)
def test_what_the_parent_imports_brings_none_of_the_heavy_libraries(module: str):
    """They belong to the child: 41 MB and 200 ms each."""
    code = f"import {module}, sys; print([m for m in ('polars', 'fastexcel', 'xlsxwriter') if m in sys.modules])"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "[]"


CHILDS = ("app.system.errands", "app.contacts.imports.work", "app.contacts.exports.work")


@pytest.mark.parametrize("module", CHILDS)
def test_what_the_child_imports_brings_no_web(module: str):
    """A backup would begin a second later, and take 34 MB more."""
    lines = ("from app.frame import child_imports", "child_imports.install()", f"import {module}, sys")
    code = "; ".join((*lines, "print('litestar' in sys.modules)"))
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout.strip() == "False"
