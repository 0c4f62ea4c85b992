"""Where the templates and static files are, and what they say."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "web" / "templates"
STATIC = ROOT / "web" / "static"


def templates() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


def scripts() -> list[Path]:
    """Our own scripts, not the vendored ones."""
    return sorted(STATIC.glob("*.js"))


def name_of(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()
