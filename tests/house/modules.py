"""What the modules of app/ say of themselves, read from their source without importing it."""

import ast
from pathlib import Path

WEB_WORDS = ("pages", "api")


def needs_of(app: Path) -> dict[str, tuple[str, ...]]:
    """Module name -> the names it lists in `needs`, for every package of app/ that builds a Module(...)."""
    found = {}
    for init in sorted(app.glob("*/__init__.py")):
        call = _module_call(init)
        if call is not None:
            found[init.parent.name] = _names(call, "needs")
    return found


def title_of(init: Path) -> str:
    """The Spanish title a module gives itself: Module(..., title=N_("Contactos"))."""
    call = _module_call(init)
    titles = [k.value for k in call.keywords if k.arg == "title"] if call else []
    words = [n.value for t in titles for n in ast.walk(t) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return words[0] if words else ""


def _module_call(init: Path) -> ast.Call | None:
    for node in ast.walk(ast.parse(init.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Module":
            return node
    return None


def _names(call: ast.Call, keyword: str) -> tuple[str, ...]:
    values = [k.value for k in call.keywords if k.arg == keyword]
    return tuple(ast.literal_eval(values[0])) if values else ()
