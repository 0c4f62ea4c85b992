"""What the README must say because the code says it."""

import re
from pathlib import Path

from app.frame.settings_table import SETTINGS
from tests.house.figures import ROOT

README = ROOT / "README.md"


def settings_table() -> str:
    """The table of settings, as Markdown."""
    head = ["| variable | default | what it is for |", "|---|---|---|"]
    return "\n".join(head + [f"| `{s.variable}` | {s.default} | {s.help} |" for s in SETTINGS])


def documented_modules(readme: Path = README) -> set[str]:
    """The modules that the README's table of modules names: rows that begin with | `app/NAME` |."""
    return set(re.findall(r"^\| `app/(\w+)` \|", readme.read_text(encoding="utf-8"), re.MULTILINE))
