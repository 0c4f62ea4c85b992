"""What can be worked out of candidates before it is the import's turn to write: keys of addresses, texts of lists."""

from collections.abc import Iterable
from itertools import repeat
from typing import Any

from app.contacts.addresses import match_of
from app.contacts.folding import fold_many, sort_keys
from app.contacts.imports.candidates import Address, Candidate, Result, Texts
from app.contacts.searched import searched
from app.contacts.tagging import tidy


def prepare(results: list[Result], tags_for_all: list[str]) -> list[Result]:
    """The same ones, prepared; those with own fields get their texts when these were checked."""
    people = [one for one in results if type(one) is Candidate]
    for one in people:
        one.matches = matches_of(one)
    plain = [one for one in people if not one.custom]
    tags = [all_tags(one, tags_for_all) for one in plain]
    for one, texts in zip(plain, texts_of(plain, tags, repeat({})), strict=True):
        one.texts = texts
    return results


def matches_of(candidate: Candidate) -> list[str]:
    """Keys of exact addresses; spelled out because it runs for every address of a million rows."""
    return candidate.matches or [
        f"mail:{a.external_id}" if a.channel == "email" else f"tel:{a.external_id}"
        if a.external_id[:1] == "+" else match_of(a.channel, a.external_id)
        for a in candidate.addresses
    ]  # fmt: skip


def all_tags(candidate: Candidate, tags_for_all: list[str]) -> list[str]:
    """A contact's own tags and those of the whole import (which are tidy)."""
    return tidy((*candidate.tags, *tags_for_all)) if candidate.tags else tags_for_all


def texts_of(people: list[Candidate], tags: Iterable[list[str]], customs: Iterable[dict[str, Any]]) -> Iterable[Texts]:
    """Of each; texts are folded together."""
    firsts = [first_ways(one.addresses) for one in people]
    keys = sort_keys([one.name for one in people])
    searched = fold_many([_search(*one) for one in zip(people, tags, customs, strict=False)])
    return [(*ways, key, search) for ways, key, search in zip(firsts, keys, searched, strict=True)]


def first_ways(addresses: Iterable[Address]) -> tuple[str, str]:
    """(first number, first e-mail), "" for none: what lists show."""
    phone = email = ""
    for one in addresses:
        if one.channel == "email":
            email = email or one.external_id
        elif not phone and one.external_id.startswith("+"):
            phone = one.external_id
    return phone, email


def _search(c: Candidate, tags: list[str], own: dict[str, Any]) -> str:
    return searched(c.name, c.company, [a.external_id for a in c.addresses], tags, own, c.notes)
