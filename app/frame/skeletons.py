"""New modules and drivers: a skeleton that passes its own tests, to change from there."""

import keyword
import re
import sys
from pathlib import Path

SKELETONS = Path(__file__).parent / "skeleton"
NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
SUFFIX = ".txt"  # so that no tool takes a skeleton for code
REVISION = re.compile(r"^(revision|down_revision)\s*=\s*[\"']([^\"']+)[\"']", re.MULTILINE)


class BadName(ValueError):
    """The name cannot be used; one sentence says why."""


def new_driver(name: str, root: Path) -> list[Path]:
    """drivers/NAME with its test and its English texts. Nothing else has to be touched: the folder is its entry."""
    check(name, root / "drivers" / name)
    return _write(SKELETONS / "driver", root, {"name": name, "Name": _title(name)})


def new_module(name: str, root: Path) -> list[Path]:
    """app/NAME with page, migration and tests; adds its line to app/modules.py and its row to the README."""
    check(name, root / "app" / name)
    before, count = newest_revision(root)
    revision = f"{count + 1:04d}_{name}"[:32]
    words = {"name": name, "Name": _title(name), "before": before, "revision": revision}
    written = _write(SKELETONS / "module", root, words)
    _switch_on(name, root / "app" / "modules.py")
    _document(name, root / "README.md")
    return written


def check(name: str, place: Path) -> None:
    """Raises BadName."""
    if not NAME.fullmatch(name):
        raise BadName(f"{name!r}: use 2 to 31 small letters, figures and _, beginning with a letter.")
    if keyword.iskeyword(name) or name in sys.stdlib_module_names:
        raise BadName(f"{name!r} is a word of Python's own. Choose another one.")
    if place.exists():
        raise BadName(f"{place} is there already.")


def newest_revision(root: Path) -> tuple[str, int]:
    """The migration that no other one follows, and how many there are. Raises BadName when it is not one."""
    texts = [p.read_text(encoding="utf-8") for p in (root / "migrations" / "versions").glob("*.py")]
    found = [dict(REVISION.findall(text)) for text in texts]
    last = {f["revision"] for f in found} - {f.get("down_revision") for f in found}
    if len(last) != 1:
        raise BadName(f"The migrations must have one end. These are ends: {', '.join(sorted(last)) or 'none'}.")
    return last.pop(), len(found)


def _title(name: str) -> str:
    """`field_sales` as `FieldSales`."""
    return "".join(word.capitalize() for word in name.split("_"))


def _write(skeleton: Path, root: Path, words: dict[str, str]) -> list[Path]:
    written = []
    for source in sorted(skeleton.rglob(f"*{SUFFIX}")):
        inside = str(source.relative_to(skeleton)).removesuffix(SUFFIX)
        target = root / inside.replace("REVISION", words.get("revision", "")).replace("NAME", words["name"])
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_filled(source.read_text(encoding="utf-8"), words), encoding="utf-8")
        written.append(target)
    return written


def _filled(text: str, words: dict[str, str]) -> str:
    return re.sub(r"«(\w+)»", lambda found: words[found[1]], text)


def _switch_on(name: str, modules: Path) -> None:
    """The one shared line."""
    text = modules.read_text(encoding="utf-8")
    found = re.search(r"^BUILTIN[^=]*= \((.*?)\)", text, re.MULTILINE | re.DOTALL)
    if found is None:
        raise BadName(f"{modules} has no BUILTIN tuple to add to.")
    names = [*re.findall(r'"[^"]+"', found[1]), f'"app.{name}"']
    lines = "".join(f"    {each},\n" for each in names)
    modules.write_text(f"{text[: found.start(1)]}\n{lines}{text[found.end(1) :]}", encoding="utf-8")


def _document(name: str, readme: Path) -> None:
    """A row after the last one of the table of modules."""
    lines = readme.read_text(encoding="utf-8").splitlines(keepends=True)
    rows = [n for n, line in enumerate(lines) if line.startswith("| `app/")]
    if rows:
        lines.insert(rows[-1] + 1, f"| `app/{name}` | say here in one line what it is for |\n")
        readme.write_text("".join(lines), encoding="utf-8")
