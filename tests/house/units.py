"""Finds what a unit of work must not wait for: the network, a port, a clock."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.modules import WEB_WORDS, needs_of

OUTSIDE = frozenset(
    ("aiohttp", "asyncssh", "ftplib", "http.client", "httpx", "imaplib", "poplib", "requests", "selenium")
) | frozenset(("serial", "smtplib", "socket", "ssl", "telnetlib", "urllib.request", "urllib3", "websockets"))
SLEEPS = frozenset(("asyncio.sleep", "time.sleep", "anyio.sleep"))
# These do not run inside somebody else's unit; errands run in the child process, commands in one of their own.
MAY_WAIT = (*WEB_WORDS, "jobs", "demo", "errands", "commands", "__init__")


def breaches(app: Path) -> list[str]:
    """Network, driver and sleeping names in the files that run inside units, and sleeps inside any `unit()` block."""
    found = []
    for path in sorted(app.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        reasons = [*_sleeping_units(tree)]
        if _runs_in_units(path, app):
            reasons += _outside_names(tree)
        found += [f"{path.relative_to(app.parent)}:{line}: {why}" for line, why in reasons]
    return found


def leans_on(name: str, root: Path) -> set[str]:
    """The modules that `name` imports, and those that these import while they are files of ours."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        path = root.joinpath(*waiting.pop().split(".")).with_suffix(".py")
        for imported in _all_imports(path) - found if path.exists() else ():
            found.add(imported)
            waiting.append(imported)
    return found


def _all_imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {name for node in ast.walk(tree) for name in _imported(node)}


def _runs_in_units(path: Path, app: Path) -> bool:
    parts = path.relative_to(app).with_suffix("").parts
    return len(parts) > 1 and parts[0] in needs_of(app) and parts[1] not in MAY_WAIT


def _outside_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        for name in _imported(node):
            if name in OUTSIDE or (name.startswith("drivers") and name != "drivers.contract"):
                yield node.lineno, f"imports {name}"  # type: ignore[attr-defined]
        if isinstance(node, ast.Call) and ast.unparse(node.func) in SLEEPS:
            yield node.lineno, f"calls {ast.unparse(node.func)}"


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names if node.module == "urllib")]
    return []


def _sleeping_units(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncWith) and any(_opens_unit(item.context_expr) for item in node.items):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Call) and ast.unparse(inner.func) in SLEEPS:
                    yield inner.lineno, f"{ast.unparse(inner.func)} inside a unit of work"


def _opens_unit(expression: ast.expr) -> bool:
    return isinstance(expression, ast.Call) and ast.unparse(expression.func).split(".")[-1] == "unit"
