"""Whatever the audit writes down, a person can read: every verb and noun that the code emits has its words."""

import ast
import gc
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from app.accounts.verbs import Words
from app.frame import host
from app.modules import BUILTIN

APP = Path(__file__).parents[2] / "app"
SHAPE = re.compile(r"[a-z0-9]+\.[a-z0-9_]+")
MADE_UP = {"contacts.": ("export", "erasure"), "contacts.import_": ("done", "failed", "cancelled")}
WORDS = Words(host.load(BUILTIN)[0].values())


@cache
def trees() -> list[ast.Module]:
    """Without the sweeper: where it ends something that logs a traceback, and so parses too, CPython 3.11 loses count
    (its issue 106905)."""
    gc.disable()
    try:
        return [ast.parse(path.read_text("utf-8")) for path in sorted(APP.rglob("*.py"))]
    finally:
        gc.enable()


def places(all_trees: list[ast.Module]) -> dict[str, set[int]]:
    """Functions that are handed a verb, and at which places: `record` and those that pass one on."""
    found = {"record": {1}}
    for function in (node for tree in all_trees for node in ast.walk(tree)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            names = [argument.arg for argument in function.args.args]
            if "verb" in names:
                found.setdefault(function.name, set()).add(names.index("verb"))
    return found


def handed(call: ast.Call, at: dict[str, set[int]]) -> list[ast.expr]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return [call.args[place] for place in at.get(name, ()) if place < len(call.args)]


def said(node: ast.AST) -> Iterator[str]:
    """The verbs in an expression; one that is put together may be any that MADE_UP names."""
    if isinstance(node, ast.JoinedStr):
        first = node.values[0].value if isinstance(node.values[0], ast.Constant) else ""
        assert first in MADE_UP, f"a verb that begins with {first!r}: name in MADE_UP what it may become"
        yield from (f"{first}{end}" for end in MADE_UP[first])
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and SHAPE.fullmatch(node.value):
        yield node.value
    else:
        for child in ast.iter_child_nodes(node):
            yield from said(child)


@cache
def emitted() -> frozenset[str]:
    all_trees = trees()
    at, found = places(all_trees), set[str]()
    for node in (node for tree in all_trees for node in ast.walk(tree)):
        if isinstance(node, ast.Call):
            found |= {verb for argument in handed(node, at) for verb in said(argument)}
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "verb" for t in node.targets):
            found |= set(said(node.value))
    return frozenset(found)


def nouns() -> set[str]:
    calls = [n for tree in trees() for n in ast.walk(tree) if isinstance(n, ast.Call)]
    records = [c for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "record" and len(c.args) > 2]
    return {str(c.args[2].value) for c in records if isinstance(c.args[2], ast.Constant)}


def test_it_works() -> None:
    assert {"contacts.changed", "contacts.erasure", "devices.switched", "system.restore_failed"} <= emitted()
    assert WORDS.verb("contacts.changed") == "cambió un contacto"
    assert WORDS.noun("contact") == "contacto"
    assert WORDS.verb("somebody.elses") == "somebody.elses"


def test_every_verb_has_its_words() -> None:
    assert emitted() - set(WORDS.verbs) == set()


def test_no_words_are_for_nothing() -> None:
    assert set(WORDS.verbs) - emitted() == set()


def test_every_noun_has_its_word() -> None:
    assert nouns() - set(WORDS.nouns) == set()


@pytest.mark.sqlite_only
async def test_the_page_shows_the_words(world, office) -> None:
    irene = await world.client_as("irene")
    await irene.post("/contactos", data={"name": "Marvin", "address_channel": "phone", "address_value": "8812 3456"})
    page = (await irene.get("/auditoria?accion=contacts.created")).text
    assert "creó un contacto" in page
    assert ">contacto 1</a>" in page
