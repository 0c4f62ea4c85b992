"""Every sentence on a screen has its English one; nothing is guessed (fuzzy) or translated for nobody."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.extract import extract
from babel.messages.pofile import read_po

from tests.web.files import ROOT, templates

LOCALE = ROOT / "web" / "locale" / "en"
KEYWORDS: dict[str, Any] = {"_": None, "N_": None, "ngettext": (1, 2)}
JINJA = {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "newstyle_gettext": "true", "silent": "false"}
PLACE = re.compile(r"%\((\w+)\)|\{(\w+)\}")


def _said() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """(file, msgid or (one, many)) of all templates and all Python of app/ and drivers/."""
    for path in templates():
        yield from _in(path, "jinja2.ext:babel_extract", JINJA)
    for path in sorted([*(ROOT / "app").rglob("*.py"), *(ROOT / "drivers").rglob("*.py")]):
        yield from _in(path, "python", {})


def _in(path: Path, method: str, options: dict[str, str]) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    with path.open("rb") as file:
        for _line, said, _comments, _context in extract(method, file, keywords=KEYWORDS, options=options):
            yield path.relative_to(ROOT).as_posix(), said


def _catalogues() -> dict[str, dict[Any, Any]]:
    """Per .po file: msgid (or pair) -> message."""
    found = {}
    for path in sorted(LOCALE.glob("*.po")):
        with path.open("rb") as file:
            found[path.name] = {m.id: m for m in read_po(file, locale="en") if m.id}
    return found


def _english() -> dict[Any, Any]:
    return {said: message for messages in _catalogues().values() for said, message in messages.items()}


def _whole(string: Any) -> bool:
    return bool(string) and (isinstance(string, str) or all(string))


def test_it_works() -> None:
    assert _english()["Guardar"].string == "Save"


def test_every_sentence_has_its_english() -> None:
    english = {said for said, message in _english().items() if _whole(message.string)}
    assert sorted({f"{file}: {said!r}" for file, said in _said() if said and said not in english}) == []


def test_no_sentence_is_fuzzy_and_none_is_left_over() -> None:
    used = {said for _file, said in _said()}
    messages = [(po, message) for po, found in _catalogues().items() for message in found.values()]
    assert [(po, m.id) for po, m in messages if m.fuzzy or m.id not in used] == []


def _places(texts: str | tuple[str, ...]) -> set[str]:
    whole = texts if isinstance(texts, str) else " ".join(texts)
    return {named or braced for named, braced in PLACE.findall(whole)}


def test_english_fills_the_same_places() -> None:
    """A place that is lost or invented would fail in front of a person."""
    differ = {m.id: (_places(m.id), _places(m.string)) for m in _english().values()}
    assert {said: both for said, both in differ.items() if both[0] != both[1]} == {}


def test_files_agree_on_a_shared_sentence() -> None:
    """The catalogues become one: two translations of one sentence would hide each other."""
    spoken: dict[Any, dict[Any, str]] = {}
    for po, messages in _catalogues().items():
        for said, message in messages.items():
            spoken.setdefault(said, {}).setdefault(message.string, po)
    assert {said: ways for said, ways in spoken.items() if len(ways) > 1} == {}
