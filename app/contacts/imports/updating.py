"""Writing what an import changes in contacts that were there: with history, so that it can be taken back."""

import json
from typing import TYPE_CHECKING, Any

from app.contacts.addresses import match_of
from app.contacts.folding import fold, sort_key
from app.contacts.imports.planning import Decision
from app.contacts.searched import searched

if TYPE_CHECKING:
    from app.contacts.imports.writing import Writer

CHANGE = ("contact_id", "at", "user_id", "who", "field", "before", "after", "batch_id")
UPDATE = (
    "UPDATE contact SET name = ?, company = ?, notes = ?, country = ?, status_id = ?, owner_id = ?, tags = ?, "
    "custom = ?, phone = ?, email = ?, name_key = ?, search = ?, version = version + 1, updated_at = ?, seen_at = ? "
    "WHERE id = ?"
)
COLUMNS = ("name", "company", "notes", "country", "status_id", "owner_id", "tags", "custom")


def write_updates(writer: "Writer", decisions: list[Decision]) -> None:
    """Contacts seen again count as seen; changed ones get a version, history and search text."""
    same = [d for d in decisions if not _restore_aged(writer, d) and d.verdict == "same"]
    writer.store.many("UPDATE contact SET seen_at = ? WHERE id = ?", [(writer.now, d.contact_id) for d in same])
    changed = [d for d in decisions if d.changes or d.new_addresses]
    if not changed:
        return
    _write_addresses(writer, changed)
    addresses = _addresses(writer, [d.contact_id for d in changed])
    writer.store.many(UPDATE, [_row(writer, d, addresses.get(d.contact_id or 0, [])) for d in changed])
    writer.store.insert("contact_change", CHANGE, [row for d in changed for row in _history(writer, d, addresses)])
    writer.tag([(d.contact_id or 0, tag) for d in changed if "tags" in d.changes for tag in d.changes["tags"][1]])


def _restore_aged(writer: "Writer", decision: Decision) -> bool:
    present = decision.present
    assert present is not None
    if not present.before_ageing or "status_id" in decision.changes:
        return False
    back = writer.known.status(present.before_ageing)
    if back:
        decision.changes["status_id"] = (present.status_id, back)
    return bool(back)


def _write_addresses(writer: "Writer", decisions: list[Decision]) -> None:
    from app.contacts.imports.writing import address_rows

    rows = []
    for decision in decisions:
        assert decision.present is not None
        matches = [match_of(a.channel, a.external_id) for a in decision.new_addresses]
        last = len(decision.present.addresses)
        rows += address_rows(decision.present.id, decision.new_addresses, matches, last)
    writer.insert_addresses(rows)


def _addresses(writer: "Writer", ids: list[int | None]) -> dict[int, list[tuple[str, str, str]]]:
    """{contact id: [(channel, external id, label)]} in order."""
    found: dict[int, list[tuple[str, str, str]]] = {}
    query = "SELECT contact_id, channel, external_id, label, position FROM contact_address WHERE live AND"
    for contact_id, channel, external_id, label, _at in sorted(
        writer.store.among(query, "contact_id", ids), key=lambda row: row[4]
    ):
        found.setdefault(contact_id, []).append((channel, external_id, label))
    return found


def _row(writer: "Writer", decision: Decision, addresses: list[tuple[str, str, str]]) -> tuple[Any, ...]:
    present = decision.present
    values = {c: decision.changes[c][1] if c in decision.changes else getattr(present, c) for c in COLUMNS}
    numbers = [e for _c, e, _l in addresses if e.startswith("+")]
    mails = [e for c, e, _l in addresses if c == "email"]
    ids = [external_id for _c, external_id, _l in addresses]
    told = searched(values["name"], values["company"], ids, values["tags"], values["custom"], values["notes"])
    plain = [json.dumps(values[c], ensure_ascii=False) if c in ("tags", "custom") else values[c] for c in COLUMNS]
    first = (numbers[0] if numbers else "", mails[0] if mails else "", sort_key(values["name"]), fold(told))
    return (*plain, *first, writer.now, writer.now, decision.contact_id)


def _history(
    writer: "Writer", decision: Decision, addresses: dict[int, list[tuple[str, str, str]]]
) -> list[tuple[Any, ...]]:
    user_id, who = writer.who
    made = []
    for field, (before, after) in _told(writer, decision, addresses).items():
        pair = (json.dumps(before, ensure_ascii=False), json.dumps(after, ensure_ascii=False))
        made.append((decision.contact_id, writer.now, user_id, who, field, *pair, writer.batch_id))
    return made


def _told(
    writer: "Writer", decision: Decision, addresses: dict[int, list[tuple[str, str, str]]]
) -> dict[str, tuple[Any, Any]]:
    """Changes under the names that history uses: statuses by code, addresses as whole lists."""
    told = dict(decision.changes)
    if "status_id" in told:
        before, after = told.pop("status_id")
        told["status"] = (writer.known.codes[before], writer.known.codes[after])
    if decision.new_addresses:
        now = [{"channel": c, "value": e, "label": label} for c, e, label in addresses[decision.contact_id or 0]]
        added = {(a.channel, a.external_id) for a in decision.new_addresses}
        told["addresses"] = ([a for a in now if (a["channel"], a["value"]) not in added], now)
    return told
