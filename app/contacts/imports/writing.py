"""Writing a decided chunk in one transaction: contacts, addresses, tags, search index, history, refusals, progress."""

import json
from collections.abc import Iterable, Sequence
from itertools import chain, product, repeat
from typing import Any

import msgspec

from app.contacts.folding import fold, fold_many, sort_keys, whole_numbers
from app.contacts.imports.candidates import Address, Candidate
from app.contacts.imports.known import Known
from app.contacts.imports.planning import Decision
from app.contacts.imports.store import Store
from app.contacts.imports.updating import write_updates
from app.contacts.search_index import BULK, BULK_MANNERS, TABLES
from app.contacts.tagging import tidy

CONTACT = (
    "id", "is_company", "name", "company", "status_id", "notes", "tags", "owner_id", "team_id", "country", "custom",
    "provenance", "provenance_id", "phone", "email", "blocked", "bulk", "name_key", "search", "version", "created_at",
    "updated_at", "seen_at",
)  # fmt: skip
ADDRESS = ("contact_id", "channel", "external_id", "match", "label", "operator", "position", "live", "created_at")
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
        self._create([d for d in decisions if d.verdict == "created"])
        write_updates(self, [d for d in decisions if d.verdict in ("updated", "same") and d.present])
        self._refuse([d for d in decisions if d.verdict in ("rejected", "blocked", "duplicate")])
        values = (done, json.dumps(counts), self.import_id)
        self.store.run("UPDATE contact_import SET done = ?, counts = ? WHERE id = ?", values)

    def _create(self, decisions: list[Decision]) -> None:
        ids = self.store.ids("contact", len(decisions))
        people = [decision.candidate for decision in decisions if decision.candidate]
        tags = [self._tags(candidate) for candidate in people]
        self.store.insert("contact", CONTACT, self._contact_rows(ids, people, tags, [d.custom for d in decisions]))
        reached = zip(ids, people, decisions, strict=True)
        addresses = (self.address_rows(contact_id, c.addresses, d.matches) for contact_id, c, d in reached)
        self.store.insert("contact_address", ADDRESS, list(chain.from_iterable(addresses)))
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

    def _tags(self, candidate: Candidate) -> list[str]:
        return tidy((*candidate.tags, *self.known.options.tags)) if candidate.tags else self.tags_for_all

    def _contact_rows(
        self, ids: Sequence[int], people: list[Candidate], tags: list[list[str]], customs: list[dict[str, Any]]
    ) -> list[tuple[Any, ...]]:
        """In the order of CONTACT, made column by column: what all have is said once, texts are folded together."""
        options, known, flag, names = self.known.options, self.known, self.flag, [c.name for c in people]
        searched = fold_many([_search(*one) for one in zip(people, tags, customs, strict=True)])
        phones, emails = zip(*(first_ways(c.addresses) for c in people), strict=True) if people else ((), ())
        columns = (
            ids, [flag(c.is_company) for c in people], names, [c.company for c in people],
            [self._status(c) for c in people], [c.notes for c in people], [_json(own, "[]") for own in tags],
            [known.owner(c.owner) or options.owner_id for c in people], repeat(options.team_id),
            [c.country for c in people], [_json(own, "{}") for own in customs], repeat("import"),
            repeat(self.import_id), phones, emails, repeat(flag(False)), repeat(flag(True)), sort_keys(names), searched,
            repeat(1), *repeat(repeat(self.now), 3),
        )  # fmt: skip
        return list(zip(*columns, strict=False))

    def _status(self, candidate: Candidate) -> int:
        return (self.known.status(candidate.status) if candidate.status else None) or self.known.start

    def flag(self, value: bool) -> Any:
        return int(value) if self.store.is_sqlite else value

    def address_rows(
        self, contact_id: int, addresses: Any, matches: list[str], first: int = 0
    ) -> list[tuple[Any, ...]]:
        live, now = self.flag(True), self.now
        return [
            (contact_id, a.channel, a.external_id, match, a.label, a.operator, at, live, now)
            for at, (a, match) in enumerate(zip(addresses, matches, strict=True), first)
        ]

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
        rows = [(self.import_id, d.row, d.field or d.verdict, d.reason, _json(_cells(d), "[]")) for d in decisions]
        self.store.insert("contact_import_reject", REJECT, rows)


def _cells(decision: Decision) -> list[str]:
    if decision.cells or decision.candidate is None:
        return decision.cells
    candidate = decision.candidate
    return [candidate.name, *(a.external_id for a in candidate.addresses), candidate.company, candidate.notes]


def _json(value: Any, empty: str) -> str:
    return dumps(value).decode() if value else empty


def first_ways(addresses: Iterable[Address]) -> tuple[str, str]:
    """(first number, first e-mail), "" for none: what lists show."""
    phone = email = ""
    for one in addresses:
        if one.channel == "email":
            email = email or one.external_id
        elif not phone and one.external_id.startswith("+"):
            phone = one.external_id
    return phone, email


def _search(c: Candidate, tags: list[str], custom: dict[str, Any]) -> str:
    numbers = [a.external_id.lstrip("+") for a in c.addresses]
    own = tuple(map(str, custom.values())) if custom else ()
    apart = whole_numbers(c.notes, *own) if c.notes or own else ()
    return " ".join(filter(None, (c.name, c.company, *numbers, *tags, *own, c.notes, *apart)))
