"""Import contracts that name no module: they read `needs` from each module's own Module(...) value."""

from abc import abstractmethod
from pathlib import Path
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, output

from tests.house.modules import WEB_WORDS, needs_of

HTTP = ("litestar", "litestar_htmx")
PRIVATE_WORDS = (*WEB_WORDS, "jobs")  # what even a module that needs us may not reach into


class _Listing(Contract):
    """A contract whose breaches are sentences."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        breaches = sorted(self.breaches(graph, needs_of(Path("app"))))
        return ContractCheck(kept=not breaches, metadata={"breaches": breaches})

    @abstractmethod
    def breaches(self, graph: ImportGraph, needs: dict[str, tuple[str, ...]]) -> set[str]:
        """Sentences, one per import that breaks the rule."""

    def render_broken_contract(self, check: ContractCheck) -> None:
        for breach in check.metadata["breaches"]:
            output.print_error(f"- {breach}", bold=False)


class NeedsContract(_Listing):
    """Rule 4: a module imports the frame and what it lists in `needs`; the frame imports no module."""

    def breaches(self, graph: ImportGraph, needs: dict[str, tuple[str, ...]]) -> set[str]:
        found = set()
        for importer, imported in _imports_inside_app(graph):
            sentence = _needs_breach(importer, imported, needs)
            if sentence:
                found.add(sentence)
        return found


class NoHttpContract(_Listing):
    """Rule 5: inside a module only pages, api and __init__ import Litestar, and nothing else imports them."""

    def breaches(self, graph: ImportGraph, needs: dict[str, tuple[str, ...]]) -> set[str]:
        found = set()
        for importer in graph.modules:
            if _is_inner(importer, needs):
                found |= {f"{importer} imports {seen}" for seen in _http_seen_by(importer, graph)}
        return found


def _imports_inside_app(graph: ImportGraph) -> Any:
    for importer in graph.modules:
        if importer.startswith("app."):
            for imported in graph.find_modules_directly_imported_by(importer):
                if imported.startswith("app."):
                    yield importer, imported


def _needs_breach(importer: str, imported: str, needs: dict[str, tuple[str, ...]]) -> str | None:
    ours, theirs = _house(importer), _house(imported)
    if theirs not in needs or ours == theirs:
        return None
    if ours == "frame":
        return f"{importer} imports {imported}: the frame knows no module"
    if ours not in needs:
        return None
    if theirs not in needs[ours]:
        return f"{importer} imports {imported}, but {ours} does not list {theirs!r} in needs"
    if _word(imported) in PRIVATE_WORDS:
        return f"{importer} imports {imported}: the {_word(imported)} of another module are its own"
    return None


def _is_inner(name: str, needs: dict[str, tuple[str, ...]]) -> bool:
    return name.count(".") >= 2 and _house(name) in needs and name.startswith("app.") and _word(name) not in WEB_WORDS


def _http_seen_by(importer: str, graph: ImportGraph) -> set[str]:
    seen = graph.find_modules_directly_imported_by(importer)
    own_web = {f"app.{_house(importer)}.{word}" for word in WEB_WORDS}
    return {name for name in seen if name.split(".")[0] in HTTP or ".".join(name.split(".")[:3]) in own_web}


def _house(name: str) -> str:
    return name.split(".")[1]


def _word(name: str) -> str | None:
    parts = name.split(".")
    return parts[2] if len(parts) > 2 else None
