"""How big things are: functions, files and templates of the house."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
CODE = ("app", "drivers")
SIZED = (*CODE, "tests")

FUNCTION_MEDIAN = 8
FUNCTION_MAX = 60
FILE_MAX = 300
TEMPLATE_MEDIAN = 30


@dataclass(frozen=True, order=True)
class Size:
    """Lines of one thing and where it is, biggest first when sorted in reverse."""

    lines: int
    place: str

    def __str__(self) -> str:
        return f"{self.lines:5}  {self.place}"


def sources(root: Path, *folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(p for p in (root / folder).rglob("*.py") if "vendor" not in p.parts)


def functions(root: Path = ROOT) -> list[Size]:
    """Every function and method of app/ and drivers/, without its decorators."""
    found = []
    for path in sources(root, *CODE):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                found.append(Size(lines, f"{path.relative_to(root)}:{node.lineno} {node.name}"))
    return found


def files(root: Path = ROOT) -> list[Size]:
    """Every Python file but the generated migrations."""
    return [_lines(path, root) for path in sources(root, *SIZED)]


def templates(root: Path = ROOT) -> list[Size]:
    return [_lines(path, root) for path in sorted((root / "web" / "templates").rglob("*.html"))]


def middle(sizes: list[Size]) -> float:
    return median(size.lines for size in sizes) if sizes else 0


def over(sizes: list[Size], limit: int) -> list[str]:
    return [str(size) for size in sorted(sizes, reverse=True) if size.lines > limit]


def _lines(path: Path, root: Path) -> Size:
    return Size(len(path.read_text(encoding="utf-8").splitlines()), str(path.relative_to(root)))
