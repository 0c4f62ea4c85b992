"""The Jinja environment: Spanish texts, the office's numbers and times, hashed static files."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemBytecodeCache,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    pass_context,
)
from jinja2.bccache import Bucket
from jinja2.runtime import Context

from app.frame import i18n, show
from app.frame.here import here
from app.frame.module import Module

WEB = Path(__file__).parents[2] / "web"


@cache
def static(name: str) -> str:
    """Address of a static file with its hash, so that it can be cached for ever."""
    path = WEB / "static" / name
    mark = hashlib.sha256(path.read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={mark}"


def make_environment(modules: Iterable[Module] = (), outside: Mapping[str, Path] | None = None) -> Environment:
    """The environment; modules bring words and filters, third-party ones `templates/` under their own name."""
    loaders = [
        FileSystemLoader(WEB / "templates"),
        PrefixLoader({n: FileSystemLoader(p) for n, p in (outside or {}).items()}),
    ]
    environment = Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        auto_reload=False,
        cache_size=1000,
    )
    environment.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(show.FILTERS)
    for module in modules:
        environment.filters.update(module.filters)
        environment.globals.update(module.words)
    environment.globals.update(static=static, here=here, languages=i18n.LANGUAGES, panels=_panels, person_may=_may)
    return environment


class Compiled(FileSystemBytecodeCache):
    """Templates compiled by an earlier start."""

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            super().load_bytecode(bucket)
        except (EOFError, ValueError, TypeError, UnpicklingError):  # half a file, as a power cut leaves it
            bucket.reset()


def compiled_before(data: Path) -> Compiled | None:
    """What an earlier start compiled, so that the first pages need not wait; it goes by each template's text.

    In the data folder, because code that is loaded must lie where nobody else may write.
    """
    folder = data / "compiled"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return None
    return Compiled(str(folder))


def _gettext(text: str) -> str:
    return i18n._(text)


def _ngettext(one: str, many: str, n: int) -> str:
    return i18n.catalog(i18n.PLACE.get().language).ngettext(one, many, n)


def _may(permission: str) -> bool:
    return here().actor.may(permission)


@pass_context
def _panels(_context: Context, slot: str, **values: Any) -> list[dict[str, str]]:
    """Panels that other modules offer for this slot and that this person may see."""
    office = here().office
    if office is None:
        return []
    found = [p for m in office.modules.values() for p in m.panels if p.slot == slot and here().actor.may(p.permission)]
    return [{"title": p.title, "url": p.url.format(**values)} for p in found]
