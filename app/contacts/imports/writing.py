"""Writing a decided chunk in one transaction: contacts, addresses, tags, search index, history, refusals, progress."""

import json
from collections.abc import Sequence
from itertools import product
from typing import Any

import msgspec

from app.contacts.folding import fold
from app.contacts.imports.candidates import Candidate
from app.contacts.imports.known import Known
from app.contacts.imports.planning import Decision
from app.contacts.imports.preparing import all_tags, texts_of
from app.contacts.imports.store import Store
from app.contacts.imports.updating import write_updates
from app.contacts.search_index import BULK, BULK_MANNERS, TABLES
from app.contacts.tagging import tidy

CONTACT = (
    "id", "is_company", "name", "company", "status_id", "notes", "tags", "owner_id", "country", "custom", "phone",
    "email", "name_key", "search",
)  # fmt: skip
ADDRESS = ("contact_id", "channel", "external_id", "match", "label", "operator", "position")
REJECT = ("import_id", '"row"', "field", "reason", "cells")
dumps = msgspec.json.Encoder().encode


class Writer:
    """Writes the chunks of one import."""

    def __init__(self, store: Store, known: Known, import_id: int, batch_id: int, who: tuple[int | None, str]) -> None:
        self.store = store
        self.known = known
        self.import_id = import_id
        self.batch_id = batch_id
        self.who = who
        self.tag_ids: dict[str, int] = {}
        self.is_index_told = False
        self.tags_for_all = tidy(known.options.tags)

    def write(self, decisions: list[Decision], done: int, counts: dict[str, int]) -> None:
        """Inside an open transaction; `done` and `counts` are what holds once it is committed."""
        self.now = self.store.now()
        self.tag_ids.clear()  # between two chunks somebody may have joined or deleted tags
        self._create([d for d in decisions if d.verdict == "created"])
        write_updates(self, [d for d in decisions if d.verdict in ("updated", "same") and d.present])
        self._refuse([d for d in decisions if d.verdict in ("rejected", "blocked", "duplicate")])
        values = (done, json.dumps(counts), self.import_id)
        self.store.run("UPDATE contact_import SET done = ?, counts = ? WHERE id = ?", values)

    def _create(self, decisions: list[Decision]) -> None:
        ids = self.store.ids("contact", len(decisions))
        people = [decision.candidate for decision in decisions if decision.candidate]
        tags = [all_tags(candidate, self.tags_for_all) for candidate in people]
        rows = self._contact_rows(ids, people, tags, [d.custom for d in decisions]) if people else []
        self.store.insert("contact", CONTACT, rows, self._same())
        reached = zip(ids, people, decisions, strict=True)
        addresses = [row for contact_id, c, d in reached for row in address_rows(contact_id, c.addresses, d.matches)]
        self.insert_addresses(addresses)
        self.tag([(contact_id, tag) for contact_id, own in zip(ids, tags, strict=True) for tag in own])
        if self.store.is_sqlite and ids:
            self._index(ids[0], ids[-1])

    def _index(self, first: int, last: int) -> None:
        if not self.is_index_told:
            for table, (name, value) in product(TABLES, BULK_MANNERS.items()):
                self.store.run(f"INSERT INTO {table}({table}, rank) VALUES (?, ?)", (name, value))  # noqa: S608 - ours
            self.is_index_told = True
        for statement in BULK:
            self.store.run(statement.replace(":first", "?").replace(":last", "?"), (first, last))

    def _contact_rows(
        self, ids: Sequence[int], people: list[Candidate], tags: list[list[str]], customs: list[dict[str, Any]]
    ) -> list[tuple[Any, ...]]:
        """In the order of CONTACT, made column by column."""
        self._complete(people, tags, customs)
        flags = {value: self.flag(value) for value in (False, True)}
        statuses = {written: self._status(written) for written in {c.status for c in people}}
        owners = {written: self._owner(written) for written in {c.owner for c in people}}
        columns = (
            ids, [flags[c.is_company] for c in people], [c.name for c in people], [c.company for c in people],
            [statuses[c.status] for c in people], [c.notes for c in people],
            [dumps(own).decode() if own else "[]" for own in tags], [owners[c.owner] for c in people],
            [c.country for c in people], [dumps(own).decode() if own else "{}" for own in customs],
            *zip(*[c.texts or () for c in people], strict=True),
        )  # fmt: skip
        return list(zip(*columns, strict=True))

    def _complete(self, people: list[Candidate], tags: list[list[str]], customs: list[dict[str, Any]]) -> None:
        """The texts of those that could not be prepared."""
        late = [at for at, one in enumerate(people) if one.texts is None]
        told = texts_of([people[at] for at in late], [tags[at] for at in late], [customs[at] for at in late])
        for at, texts in zip(late, told, strict=True):
            people[at].texts = texts

    def _same(self) -> dict[str, Any]:
        """What all new contacts of a chunk have in common."""
        now, flag = self.now, self.flag
        return {
            "team_id": self.known.options.team_id, "provenance": "import", "provenance_id": self.import_id,
            "blocked": flag(False), "bulk": flag(True), "version": 1, "created_at": now, "updated_at": now,
            "seen_at": now,
        }  # fmt: skip

    def _status(self, written: str) -> int:
        return (self.known.status(written) if written else None) or self.known.start

    def _owner(self, written: str) -> int | None:
        return self.known.owner(written) or self.known.options.owner_id

    def flag(self, value: bool) -> Any:
        return int(value) if self.store.is_sqlite else value

    def insert_addresses(self, rows: list[tuple[Any, ...]]) -> None:
        self.store.insert("contact_address", ADDRESS, rows, {"live": self.flag(True), "created_at": self.now})

    def tag(self, pairs: list[tuple[int, str]]) -> None:
        """Give contacts tags; tags that are new are made."""
        missing = {fold(name): name for _id, name in pairs if fold(name) not in self.tag_ids}
        if missing:
            self._learn_tags(missing)
        rows = [(contact_id, self.tag_ids[fold(name)]) for contact_id, name in pairs]
        self.store.many("INSERT INTO contact_tag (contact_id, tag_id) VALUES (?, ?) ON CONFLICT DO NOTHING", rows)

    def _learn_tags(self, missing: dict[str, str]) -> None:
        rows = [(name, key) for key, name in missing.items()]
        self.store.many("INSERT INTO tag (name, key) VALUES (?, ?) ON CONFLICT (key) DO NOTHING", rows)
        self.tag_ids |= dict(self.store.among("SELECT key, id FROM tag WHERE", "key", missing))

    def _refuse(self, decisions: list[Decision]) -> None:
        rows = [(self.import_id, d.row, d.field or d.verdict, d.reason, dumps(_cells(d)).decode()) for d in decisions]
        self.store.insert("contact_import_reject", REJECT, rows)


def _cells(decision: Decision) -> list[str]:
    if decision.cells or decision.candidate is None:
        return decision.cells
    candidate = decision.candidate
    return [candidate.name, *(a.external_id for a in candidate.addresses), candidate.company, candidate.notes]


def address_rows(contact_id: int, addresses: Any, matches: list[str], first: int = 0) -> list[tuple[Any, ...]]:
    """In the order of ADDRESS."""
    return [
        (contact_id, a.channel, a.external_id, match, a.label, a.operator, at)
        for at, (a, match) in enumerate(zip(addresses, matches, strict=True), first)
    ]
