"""What the engine needs beyond Python: small things, and no database nor web."""

import ast
import sys
from pathlib import Path

import pytest

SMALL = {"numpy", "holidays", "msgspec"}
SOLVERS = {name: {"highspy"} for name in ("roster_mip", "program", "whole_weeks")}
OWN = {"app.workforce", "app.frame.i18n", "app.frame.refused"}


def imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}


def test_it_works() -> None:
    assert "numpy" in imported(Path("app/workforce/demand.py"))


@pytest.mark.parametrize("name", sorted(path.stem for path in Path("app/workforce").glob("*.py")))
def test_only_small_things_are_needed(name: str) -> None:
    """Solvers are for rosters: a forecast does without them."""
    wanted = imported(Path(f"app/workforce/{name}.py"))
    own = {module for module in wanted if module.startswith("app.")}
    others = {module.split(".")[0] for module in wanted - own} - set(sys.stdlib_module_names)
    assert others <= SMALL | SOLVERS.get(name, set())
    assert all(any(module == part or module.startswith(f"{part}.") for part in OWN) for module in own)
