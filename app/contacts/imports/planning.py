"""What becomes of each row: the same decisions for the dry run and for the import itself."""

from itertools import chain
from typing import Any

import msgspec

from app.contacts.imports.candidates import Candidate, Reject, Result
from app.contacts.imports.known import Known
from app.contacts.imports.preparing import matches_of
from app.contacts.imports.present import Present, present_contacts
from app.contacts.imports.store import Store
from app.contacts.tagging import LIMIT, LONGEST, typed_tags
from app.frame.i18n import _
from app.frame.refused import Refused

VERDICTS = ("created", "updated", "same", "duplicate", "blocked", "rejected")
NONE: list[str] = []
UNCHANGED: dict[str, Any] = {}  # shared by rows to which nothing is added later
FILLED = ("name", "company", "notes", "country", "status_id", "owner_id")


class Decision(msgspec.Struct, gc=False):
    """One row's fate. `changes` are {field: (before, after)} of an existing contact; `new_addresses` go to it."""

    verdict: str
    row: int
    candidate: Candidate | None = None
    contact_id: int | None = None
    present: Present | None = None
    changes: dict[str, tuple[Any, Any]] = {}
    new_addresses: list[Any] = []
    custom: dict[str, Any] = {}
    matches: list[str] = []
    reason: str = ""
    field: str = ""
    cells: list[str] = []


# The condition of the index over living addresses, word for word: SQLite reads the index for nothing else.
OWNERS = {
    True: "SELECT match, contact_id FROM contact_address WHERE live = 1 AND",
    False: "SELECT match, contact_id FROM contact_address WHERE live AND",
}


def decide(store: Store, known: Known, results: list[Result]) -> list[Decision]:
    """Decide a chunk, looking everything up at once."""
    matched = [matches_of(r) if type(r) is Candidate else NONE for r in results]
    wanted = set(chain.from_iterable(matched))
    owners: dict[str, int] = dict(store.among(OWNERS[store.is_sqlite], "match", wanted))
    blocked = _blocked(store, wanted) if known.options.blocked == "skip" else set()
    present = present_contacts(store, set(owners.values()), aged=known.automatic)
    taken: dict[str, int] = {}
    is_calm = not owners and not blocked and len(wanted) == sum(map(len, matched))
    return [
        _created(result, matches)
        if is_calm and type(result) is Candidate and not (result.twin or result.custom) and _fit(result.tags)
        else _one(result, matches, known, owners, blocked, present, taken)
        for result, matches in zip(results, matched, strict=True)
    ]


def _fit(tags: tuple[str, ...]) -> bool:
    return len(tags) <= LIMIT and all(len(tag) <= LONGEST for tag in tags)


def _created(result: Candidate, matches: list[str]) -> Decision:
    """One of a chunk in which no address is known or comes twice: most of a new list."""
    return Decision("created", result.row, result, None, None, UNCHANGED, NONE, UNCHANGED, matches, "", "", NONE)


def _blocked(store: Store, wanted: set[str]) -> set[str]:
    """Those of them that are blocked everywhere. Where fewer are blocked than wanted, all of these are read at once."""
    standing = "SELECT match FROM contact_block WHERE lifted_at IS NULL AND channel = '*' AND"
    everybody = store.rows(f"{standing} match IS NOT NULL LIMIT ?", (len(wanted) + 1,))
    if len(everybody) <= len(wanted):
        return wanted.intersection(row[0] for row in everybody)
    return {row[0] for row in store.among(standing, "match", wanted)}


def _one(
    result: Result, matches: list[str], known: Known, owners: dict[str, int], blocked: set[str],
    present: dict[int, Present], taken: dict[str, int],
) -> Decision:  # fmt: skip
    if isinstance(result, Reject):
        return Decision("rejected", result.row, reason=result.reason, field=result.field, cells=result.cells)
    if result.twin or not taken.keys().isdisjoint(matches):
        twin = result.twin or next(taken[m] for m in matches if m in taken)
        return Decision("duplicate", result.row, result, reason=_("Repite la fila %(row)s.", row=twin))
    for match in matches:
        taken[match] = result.row
    if blocked and not blocked.isdisjoint(matches):
        return Decision("blocked", result.row, result, reason=_("Pidió que no se le contacte."))
    try:
        custom = known.custom(result.custom) if result.custom else {}
        if result.tags:
            typed_tags(result.tags)
    except Refused as refused:
        return _refused(result, refused)
    if owners.keys().isdisjoint(matches):
        return Decision("created", result.row, result, custom=custom, matches=matches)
    first = next(owners[match] for match in matches if match in owners)
    return _existing(result, known, present[first], owners, custom)


def _refused(result: Candidate, refused: Refused) -> Decision:
    cells = [result.name, *(a.external_id for a in result.addresses)]
    return Decision("rejected", result.row, reason=refused.sentence, field=refused.field or "", cells=cells)


def _existing(
    result: Candidate, known: Known, present: Present, owners: dict[str, int], custom: dict[str, Any]
) -> Decision:
    decision = Decision("same", result.row, result, present.id, present, custom=custom)
    if known.options.mode == "skip":
        return decision
    decision.changes = _changes(result, known, present, custom)
    free = [a for a, match in zip(result.addresses, matches_of(result), strict=True) if match not in owners]
    decision.new_addresses = [a for a in free if (a.channel, a.external_id) not in present.addresses]
    if decision.changes or decision.new_addresses:
        decision.verdict = "updated"
        _keep_in_mind(present, decision)
    return decision


def _keep_in_mind(present: Present, decision: Decision) -> None:
    """A later row of this chunk may be about the same contact."""
    for field, (_before, after) in decision.changes.items():
        setattr(present, field, after)
    present.addresses |= {(a.channel, a.external_id) for a in decision.new_addresses}


def _changes(result: Candidate, known: Known, present: Present, custom: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    overwrite = known.options.mode == "overwrite"
    given: dict[str, Any] = {
        "name": result.name, "company": result.company, "notes": result.notes, "country": result.country,
        "status_id": known.status(result.status) if result.status else None,
        "owner_id": known.owner(result.owner) if result.owner else None,
    }  # fmt: skip
    changes = {}
    for field in FILLED:
        before, after = getattr(present, field), given[field]
        blank = before in ("", None) or (field == "status_id" and before == known.start)
        if after not in ("", None) and after != before and (overwrite or blank):
            changes[field] = (before, after)
    return changes | _joined(result, known, present, custom, overwrite)


def _joined(
    result: Candidate, known: Known, present: Present, custom: dict[str, Any], overwrite: bool
) -> dict[str, tuple[Any, Any]]:
    """Tags are added; own fields fill or overwrite."""
    changes: dict[str, tuple[Any, Any]] = {}
    have = {t.casefold() for t in present.tags}
    more = [t for t in (*result.tags, *known.options.tags) if t.casefold() not in have]
    if more:
        changes["tags"] = (present.tags, [*present.tags, *dict.fromkeys(more)])
    merged = present.custom | custom if overwrite else custom | present.custom
    if merged != present.custom:
        changes["custom"] = (present.custom, merged)
    return changes


def count(decisions: list[Decision], counts: dict[str, int]) -> None:
    """Add a chunk's verdicts to {total, created, updated, same, duplicate, blocked, rejected}."""
    counts["total"] = counts.get("total", 0) + len(decisions)
    for decision in decisions:
        counts[decision.verdict] = counts.get(decision.verdict, 0) + 1
