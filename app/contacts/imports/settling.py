"""After an import, in the child: the pieces it left in the search index are joined, so that searches read fewer."""

from typing import Any

import msgspec

from app.contacts.imports.store import Store
from app.contacts.imports.task import Task
from app.contacts.search_index import TABLES
from app.frame.child_main import Report

PAGES = 200  # written in one turn at the gate: some 30 ms


def settle(args: dict[str, Any], report: Report) -> dict[str, Any]:
    """In small turns, each a transaction. May be ended at any moment, and need not be done at all."""
    store, turns = Store(msgspec.convert(args, Task).database), 0
    try:
        for table in TABLES if store.is_sqlite else ():
            while _join(store, table, report):
                report.check()
                turns += 1
        return {"turns": turns}
    finally:
        store.close()


def _join(store: Store, table: str, report: Report) -> bool:
    """One turn. Whether there was something to join: FTS5 says it by writing more than the order itself."""
    before = store.connection.total_changes
    with report.gate():
        store.begin()
        store.run(f"INSERT INTO {table}({table}, rank) VALUES ('merge', ?)", (PAGES,))  # noqa: S608 - ours
        store.commit()
    store.turn_ended()
    return bool(store.connection.total_changes - before > 1)
