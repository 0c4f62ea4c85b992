"""What runs in the child process: looking at a file, the dry run, the import. It goes on where a crash left it."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from app.contacts.imports.ahead import ahead
from app.contacts.imports.bad_file import BadFile
from app.contacts.imports.candidates import Result
from app.contacts.imports.columns import Mapping, chosen
from app.contacts.imports.kept import KeptTable
from app.contacts.imports.known import Known
from app.contacts.imports.planning import VERDICTS, Decision, count, decide
from app.contacts.imports.preparing import prepare
from app.contacts.imports.reading import Sheet, open_sheet
from app.contacts.imports.rows import candidates
from app.contacts.imports.store import Store
from app.contacts.imports.task import Task
from app.contacts.imports.undoing import Undoing
from app.contacts.imports.writing import Writer
from app.contacts.tagging import tidy
from app.frame.child_main import Report

CHUNK = 5000  # rows of one transaction: fewer would write the same pages of the indexes more often
SHOWN = 40  # preview rows of each verdict
SAMPLE = 5

_kept = KeptTable()


def _task(args: dict[str, Any]) -> Task:
    return msgspec.convert(args, Task)


def _open(task: Task) -> Sheet:
    path = Path(task.path)
    if found := _kept.find(path, task.sheet, task.header_row):
        return found
    return open_sheet(path, task.filename, sheet=task.sheet or None, header_row=task.header_row, trusted=task.trusted)


def _mapping(task: Task, sheet: Sheet) -> Mapping:
    """What was settled, else what is recognised."""
    if not task.mapping:
        return sheet.recognised(task.options.region)
    return chosen(sheet.headers, {int(index): target for index, target in task.mapping.items()})


def look(args: dict[str, Any], _report: Report) -> dict[str, Any]:
    """Sheets, header row, titles, some cells of each column, and what each column probably is."""
    task = _task(args)
    sheet = _open(task)
    _kept.keep(Path(task.path), sheet)
    mapping = _mapping(task, sheet)
    return {
        "kind": sheet.kind,
        "sheets": sheet.names,
        "sheet": sheet.name,
        "header_row": sheet.header_row,
        "headers": sheet.headers,
        "samples": [column[:SAMPLE] for column in sheet.sample],
        "columns": msgspec.to_builtins(mapping.columns),
        "rows": sheet.rows,
        "shape": sheet.shape,
    }


def _chunks(task: Task, sheet: Sheet) -> Iterator[list[Result]]:
    mapping = _mapping(task, sheet)
    if not mapping.is_usable():
        raise BadFile("no_way_to_reach")
    for block in candidates(sheet, mapping, task.options.region):
        rows = iter(block)
        while chunk := list(islice(rows, CHUNK)):
            yield chunk


def check(args: dict[str, Any], report: Report) -> dict[str, Any]:
    """The dry run: counts and some rows of each verdict."""
    task, counts, shown = _task(args), dict.fromkeys(("total", *VERDICTS), 0), []
    store = Store(task.database)
    try:
        known, sheet, per = Known(store, task.options), _open(task), dict.fromkeys(VERDICTS, 0)
        for chunk in _chunks(task, sheet):
            report.check()
            decisions = decide(store, known, chunk)
            count(decisions, counts)
            for decision in decisions:
                if per[decision.verdict] < SHOWN:
                    per[decision.verdict] += 1
                    shown.append(_preview(known, decision))
            report({"done": counts["total"], "total": sheet.rows})
    finally:
        store.close()
    return {"counts": counts, "rows": shown}


def _preview(known: Known, decision: Decision) -> dict[str, Any]:
    candidate = decision.candidate
    changes = {f: [str(a), str(b)] for f, (a, b) in decision.changes.items() if f != "status_id"}
    if "status_id" in decision.changes:
        changes["status"] = [known.codes[i] for i in decision.changes["status_id"]]
    return {
        "row": decision.row,
        "verdict": decision.verdict,
        "reason": decision.reason,
        "field": decision.field,
        "contact_id": decision.contact_id,
        "name": candidate.name if candidate else "",
        "addresses": [a.external_id for a in candidate.addresses] if candidate else [],
        "company": candidate.company if candidate else "",
        "cells": decision.cells,
        "warnings": list(candidate.warnings) if candidate else [],
        "changes": changes,
    }


def run(args: dict[str, Any], report: Report) -> dict[str, Any]:
    """Import. Each chunk is one transaction that also says how far the file is done, so nothing comes in twice."""
    task = _task(args)
    store = Store(task.database, checks_keys=False)
    try:
        return _run(task, store, report)
    finally:
        store.close()


def _run(task: Task, store: Store, report: Report) -> dict[str, Any]:
    known, sheet = Known(store, task.options), _open(task)
    _kept.drop()
    done, counts = _so_far(store, task.import_id)
    store.rollback()
    writer = Writer(store, known, task.import_id, task.batch_id, (task.user_id, task.who))
    state = "done"
    with ahead(_fresh(_chunks(task, sheet), done, tidy(task.options.tags))) as chunks:
        for chunk, passed in chunks:
            if chunk and not _write_chunk(store, known, writer, chunk, passed, counts, report):
                state = "cancelled"
                break
            done = max(done, passed)
            report({"done": passed, "total": max(sheet.rows, passed), "counts": counts})
    return {"state": state, "counts": counts, "done": done}


def _fresh(chunks: Iterator[list[Result]], done: int, tags: list[str]) -> Iterator[tuple[list[Result], int]]:
    """What is to be written of each chunk, prepared, and how far the file is done with it.

    The first `done` rows came in before a crash and are read only to find their twins.
    """
    passed = 0
    for chunk in chunks:
        fresh = chunk[max(0, done - passed) :]
        passed += len(chunk)
        yield prepare(fresh, tags), passed


def _so_far(store: Store, import_id: int) -> tuple[int, dict[str, int]]:
    row = store.one("SELECT done, counts FROM contact_import WHERE id = ?", (import_id,))
    assert row is not None
    counts = json.loads(row[1] or "{}")
    return row[0], dict.fromkeys(("total", *VERDICTS), 0) | counts


def _write_chunk(
    store: Store, known: Known, writer: Writer, chunk: list[Result], done: int, counts: dict[str, int], report: Report
) -> bool:
    """One transaction, at the parent's gate. Returns False when somebody cancelled."""
    with report.gate():
        store.begin()
        try:
            state = store.one("SELECT state FROM contact_import WHERE id = ?", (writer.import_id,))
            if report.cancelled() or state is None or state[0] not in ("queued", "running"):
                store.rollback()
                return False
            decisions = decide(store, known, chunk)
            count(decisions, counts)
            writer.write(decisions, done, counts)
            store.commit()
        except BaseException:
            store.rollback()
            raise
    store.turn_ended()
    return True


def undo(args: dict[str, Any], report: Report) -> dict[str, Any]:
    """Take an import back. May be repeated after a crash: what is gone is gone, what is back is back."""
    task = _task(args)
    store = Store(task.database)
    try:
        known = Known(store, task.options)
        store.rollback()
        return Undoing(store, known, task.import_id, task.batch_id, (task.user_id, task.who)).all(report)
    finally:
        store.close()
