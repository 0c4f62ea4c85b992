"""Every template compiles, keeps the content security policy, and refers to what exists."""

import re
from pathlib import Path

import pytest

from app.frame.host import load
from app.frame.templates import make_environment
from app.modules import BUILTIN
from tests.web.files import STATIC, TEMPLATES, name_of, scripts, templates

ENVIRONMENT = make_environment(load(BUILTIN)[0].values())
NAMED = re.compile(r"""\{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)["']""")
STATIC_CALL = re.compile(r"""static\(["']([^"']+)["']\)""")
SHEETS = re.compile(r"\{% for (?:sheet|script) in (\([^)]*\))")
ICON = re.compile(r"""\bicon(?:_name)?(?:\(|=)["']([\w-]+)["']""")
FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.I),
    "a style element": re.compile(r"<style\b", re.I),
    "an hx-on handler": re.compile(r"\bhx-on[:=-]"),
    "an on… attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I),
    "a js: value": re.compile(r"""["'](?:js|javascript):"""),
    "a filter in hx-trigger, which evaluates code": re.compile(r"""hx-trigger=(["'])(?:(?!\1).)*\["""),
    "a colour that is not a token": re.compile(r"""(?<![&\w/"#])#(?:[0-9a-f]{3}|[0-9a-f]{6})\b(?![\w-])""", re.I),
    "a colour in an attribute": re.compile(r"""(?:fill|stroke|color|background)\s*[:=]\s*["']?#[0-9a-f]{3,8}""", re.I),
    "an address outside": re.compile(r"""(?:src|href|action)=["'](?:https?:)?//"""),
}


def _ids(paths: list[Path]) -> list[str]:
    return [p.name if p.parent == STATIC else name_of(p) for p in paths]


def test_it_works() -> None:
    assert "layout.html" in _ids(templates())


@pytest.mark.parametrize("path", templates(), ids=_ids(templates()))
def test_compiles(path: Path) -> None:
    ENVIRONMENT.get_template(name_of(path))


@pytest.mark.parametrize("path", templates(), ids=_ids(templates()))
def test_keeps_the_security_policy_and_the_tokens(path: Path) -> None:
    """Of the markup itself; what Jinja evaluates is taken out."""
    source = re.sub(r"\{([#%{]).*?[#%}]\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(source)] == []


@pytest.mark.parametrize("path", templates(), ids=_ids(templates()))
def test_templates_named_in_it_exist(path: Path) -> None:
    missing = [name for name in NAMED.findall(path.read_text(encoding="utf-8")) if not (TEMPLATES / name).exists()]
    assert missing == []


@pytest.mark.parametrize("path", templates(), ids=_ids(templates()))
def test_static_files_named_in_it_exist(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    looped = [name for group in SHEETS.findall(source) for name in re.findall(r'"([^"]+)"', group)]
    names = STATIC_CALL.findall(source) + looped
    assert [name for name in names if not (STATIC / name).exists()] == []


@pytest.mark.parametrize("path", templates(), ids=_ids(templates()))
def test_icons_named_in_it_exist(path: Path) -> None:
    known = set(re.findall(r"\.i-([\w-]+) \{ --i:", (STATIC / "icons.css").read_text(encoding="utf-8")))
    assert [name for name in ICON.findall(path.read_text(encoding="utf-8")) if name not in known] == []


@pytest.mark.parametrize("path", scripts(), ids=_ids(scripts()))
def test_scripts_evaluate_nothing(path: Path) -> None:
    risky = re.compile(r"\beval\(|new Function|innerHTML|document\.write|insertAdjacentHTML")
    assert risky.findall(path.read_text(encoding="utf-8")) == []


def test_every_text_a_script_asks_for_is_printed() -> None:
    """text("name") in a script needs its sentence in shell/_texts.html."""
    printed = set(re.findall(r'"(\w+)": _\(', (TEMPLATES / "shell" / "_texts.html").read_text(encoding="utf-8")))
    asked = {n for p in scripts() for n in re.findall(r'\btext\("(\w+)"', p.read_text(encoding="utf-8"))}
    assert asked - printed == set()


def test_scripts_speak_no_language() -> None:
    """A sentence in a script cannot be translated."""
    accents = re.compile(r"""(["'`])[^"'`\n]*[áéíóúñ¿¡][^"'`\n]*\1""")
    found = [(p.name, m.group()) for p in scripts() for m in accents.finditer(_code(p))]
    assert found == []


def _code(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
