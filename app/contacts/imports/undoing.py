"""Taking an import back: what it created goes, what it changed returns; what people edited since is left and listed."""

import json
from itertools import chain
from typing import Any

from app.contacts.addresses import match_of
from app.contacts.folding import fold, sort_key
from app.contacts.imports.known import Known
from app.contacts.imports.store import Store
from app.contacts.searched import searched
from app.frame.child_main import Report

CHUNK = 500
LEFT_SHOWN = 200
UPDATE = (
    "UPDATE contact SET name = ?, company = ?, notes = ?, country = ?, status_id = ?, owner_id = ?, tags = ?, "
    "custom = ?, phone = ?, email = ?, name_key = ?, search = ?, version = version + 1, updated_at = ? WHERE id = ?"
)
WISH = "contact_block"
LIVES = ("contact_event", WISH, "contact_consent")
FIELDS = ("name", "company", "notes", "country", "status_id", "owner_id", "tags", "custom")


class Undoing:
    """One import being taken back, some contacts at a time."""

    def __init__(self, store: Store, known: Known, import_id: int, batch_id: int, who: tuple[int | None, str]) -> None:
        self.store, self.known, self.import_id, self.batch_id, self.who = store, known, import_id, batch_id, who
        self.removed = self.restored = 0
        self.left: list[list[Any]] = []
        self.left_count = 0

    def all(self, report: Report) -> dict[str, Any]:
        """Created ones first, then changed ones; each step is a transaction that can be repeated."""
        for work in (self._remove_some, self._restore_some):
            last: int | None = 0
            while last is not None:
                last = self._step(report, work, last)
        return {"removed": self.removed, "restored": self.restored, "left": self.left, "left_count": self.left_count}

    def _step(self, report: Report, work: Any, last: int) -> int | None:
        with report.gate():
            self.store.begin()
            try:
                following: int | None = work(last)
                self.store.commit()
            except BaseException:
                self.store.rollback()
                raise
        self.store.turn_ended()
        report({"removed": self.removed, "restored": self.restored})
        return following

    def _remove_some(self, last: int) -> int | None:
        rows = self.store.rows(
            "SELECT id, name, version, deleted_at FROM contact WHERE provenance = 'import' AND provenance_id = ? "
            "AND id > ? ORDER BY id LIMIT ?",
            (self.import_id, last, CHUNK),
        )
        gone = [row[0] for row in rows if row[2] == 1 and not row[3]]
        touched = self._with_a_life(gone)
        for contact_id, name, version, deleted in rows:
            if version != 1 or deleted or contact_id in touched:
                self._leave(contact_id, name, "")
        self._delete([i for i in gone if i not in touched])
        return rows[-1][0] if rows else None

    def _with_a_life(self, ids: list[int]) -> set[int]:
        """Contacts something happened to since: a call, a message, a wish about being contacted; or who are edited now.

        A wish stands on its contact: where that goes, a number that must not be called would be free again.
        """
        held = self.store.rows("SELECT contact_id FROM contact_lock WHERE until > ?", (self.store.now(),))
        return {row[0] for row in held} | set(chain.from_iterable(self._named_in(table, ids) for table in LIVES))

    def _named_in(self, table: str, ids: list[int]) -> set[int]:
        return {row[0] for row in self.store.among(f"SELECT contact_id FROM {table} WHERE", "contact_id", ids)}  # noqa: S608 - our own names

    def _leave(self, contact_id: int, name: str, field: str) -> None:
        self.left_count += 1
        if len(self.left) < LEFT_SHOWN:
            self.left.append([contact_id, name, field])

    def _delete(self, ids: list[int]) -> None:
        rows = [(i,) for i in ids]
        for table in ("contact_tag", "contact_lock", "contact_address"):
            self.store.many(f"DELETE FROM {table} WHERE contact_id = ?", rows)  # noqa: S608 - our own names
        self.store.many("DELETE FROM contact WHERE id = ?", rows)
        self.removed += len(ids)

    def _restore_some(self, last: int) -> int | None:
        rows = self.store.rows(
            "SELECT id, contact_id, field, before FROM contact_change "
            "WHERE batch_id = ? AND id > ? ORDER BY id LIMIT ?",
            (self.batch_id, last, CHUNK),
        )
        changes: dict[int, list[tuple[int, str, Any]]] = {}
        for change_id, contact_id, field, before in rows:
            value = json.loads(before)
            changes.setdefault(contact_id, []).append((change_id, field, value))
        for contact_id, own in changes.items():
            self._restore(contact_id, own)
        return rows[-1][0] if rows else None

    def _restore(self, contact_id: int, changes: list[tuple[int, str, Any]]) -> None:
        columns = ", ".join(FIELDS)
        row = self.store.one(f"SELECT {columns} FROM contact WHERE id = ?", (contact_id,))  # noqa: S608 - our own names
        if row is None:
            return
        now = dict(zip(FIELDS, row, strict=True))
        later = self.store.rows(
            "SELECT DISTINCT field FROM contact_change WHERE contact_id = ? AND id > ? AND "
            "(batch_id IS NULL OR batch_id <> ?)",
            (contact_id, changes[0][0], self.batch_id),
        )
        touched = {field for (field,) in later} | ({"addresses"} if self._named_in(WISH, [contact_id]) else set())
        back = [(field, value) for _id, field, value in changes if field not in touched]
        for _id, field, _value in changes:
            if field in touched:
                self._leave(contact_id, now["name"], field)
        if back:
            self._write(contact_id, now, dict(reversed(back)))
            self.restored += 1

    def _write(self, contact_id: int, now: dict[str, Any], back: dict[str, Any]) -> None:
        for field, value in back.items():
            if field == "status":
                now["status_id"] = self.known.status(value) or now["status_id"]
            elif field == "addresses":
                self._readdress(contact_id, value)
            else:
                now[field] = value
        self._history(contact_id, back)
        self._store(contact_id, now)

    def _readdress(self, contact_id: int, wanted: list[dict[str, str]]) -> None:
        """Only what the import added goes; what was there before is there still."""
        keep = {(a["channel"], match_of(a["channel"], a["value"])) for a in wanted}
        own = self.store.rows("SELECT id, channel, match FROM contact_address WHERE contact_id = ?", (contact_id,))
        gone = [(i,) for i, channel, match in own if (channel, match) not in keep]
        self.store.many("DELETE FROM contact_address WHERE id = ?", gone)

    def _history(self, contact_id: int, back: dict[str, Any]) -> None:
        rows = [
            (contact_id, self.store.now(), *self.who, field, "null", json.dumps(value, ensure_ascii=False))
            for field, value in back.items()
        ]
        self.store.many(
            "INSERT INTO contact_change (contact_id, at, user_id, who, field, before, after) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            rows,
        )

    def _store(self, contact_id: int, now: dict[str, Any]) -> None:
        addresses = self.store.rows(
            "SELECT channel, external_id FROM contact_address WHERE contact_id = ? AND live ORDER BY position, id",
            (contact_id,),
        )
        numbers = [e for _c, e in addresses if e.startswith("+")]
        mails = [e for c, e in addresses if c == "email"]
        loaded = {f: json.loads(now[f]) if isinstance(now[f], str) else now[f] for f in ("tags", "custom")}
        ids = [external_id for _c, external_id in addresses]
        told = searched(now["name"], now["company"], ids, loaded["tags"], loaded["custom"], now["notes"])
        plain = [json.dumps(loaded[f], ensure_ascii=False) if f in loaded else now[f] for f in FIELDS]
        first = (numbers[0] if numbers else "", mails[0] if mails else "", sort_key(now["name"]), fold(told))
        self.store.run(UPDATE, (*plain, *first, self.store.now(), contact_id))
