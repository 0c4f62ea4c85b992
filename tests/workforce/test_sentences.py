"""Every sentence of the engine has its English."""

import ast
from pathlib import Path

import pytest

from app.frame.i18n import catalog

PURE = sorted(Path("app/workforce").glob("*.py"))


def sentences(path: Path) -> set[str]:
    calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    named = (c for c in calls if isinstance(c.func, ast.Name) and c.func.id in ("_", "N_", "ngettext"))
    first = (c.args[0] for c in named if c.args)  # a plural is found by its singular
    return {a.value for a in first if isinstance(a, ast.Constant) and isinstance(a.value, str)}


def test_it_works() -> None:
    assert sum(len(sentences(path)) for path in PURE) > 20


@pytest.mark.parametrize("path", PURE, ids=lambda path: path.name)
def test_every_sentence_has_its_english(path: Path) -> None:
    english = catalog("en")
    missing = {said for said in sentences(path) if english.gettext(said) == said}
    assert not missing
