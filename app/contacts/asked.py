"""The address bar of the contact list: filters, order and columns as a query string, and back."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec

from app.contacts.filters import Filters
from app.frame.forms import explain
from app.frame.i18n import _
from app.frame.refused import Refused

MANY = ("status", "tag", "has")
OURS = tuple(f for f in Filters.__struct_fields__ if f not in ("binned", "after_id"))


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a page of the list was asked for; `columns` empty means the person's own."""

    filters: Filters = Filters()
    columns: tuple[str, ...] = ()
    view: int = 0
    after: str = ""

    @property
    def query(self) -> str:
        """Canonical text of filters, order, columns and view: no empty fields, no cursor."""
        pairs = list(_pairs(self.filters))
        pairs += [("cols", ",".join(self.columns))] if self.columns else []
        pairs += [("vista", str(self.view))] if self.view else []
        return urlencode(pairs)

    def with_(self, **changes: Any) -> "Asked":
        """The same with other filters: `with_(status=())`."""
        return msgspec.structs.replace(self, filters=msgspec.structs.replace(self.filters, **changes), after="")

    def marked(self, ids: Iterable[int]) -> "Asked":
        """The same order and columns, of these contacts alone."""
        return msgspec.structs.replace(self.bare, filters=Filters(sort=self.filters.sort, ids=tuple(ids)))

    @property
    def bare(self) -> "Asked":
        """Without what narrows the list; order and columns stay."""
        return msgspec.structs.replace(self, filters=Filters(sort=self.filters.sort), view=0, after="")


def _pairs(filters: Filters) -> Iterable[tuple[str, str]]:
    for name in OURS:
        value = getattr(filters, name)
        if name == "ids":
            yield from [(name, ",".join(map(str, value)))] if value else []
        elif isinstance(value, tuple):
            yield from ((name, one) for one in value)
        elif value:
            yield name, value.isoformat() if hasattr(value, "isoformat") else str(value)


@lru_cache(maxsize=1000)
def read_query(text: str) -> Asked:
    """Read a query string; unknown fields are ignored. Raises Refused with the field that makes no sense."""
    single: dict[str, str] = {}
    many: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, max_num_fields=500):
        value = value.strip()
        if name in MANY:
            many.setdefault(name, []).append(value)
        else:
            single[name] = value
    given: dict[str, Any] = {n: single[n] for n in OURS if single.get(n)} | {n: _once(v) for n, v in many.items()}
    if ids := given.pop("ids", ""):
        given["ids"] = [one for one in ids.split(",") if one]
    return Asked(
        filters=_converted(given),
        columns=_once(single.get("cols", "").split(",")),
        view=int(single["vista"]) if single.get("vista", "").isdecimal() else 0,
        after=single.get("after", ""),
    )


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(v for v in values if v))


def _converted(given: dict[str, Any]) -> Filters:
    try:
        return msgspec.convert(given, Filters, strict=False)
    except msgspec.ValidationError as error:
        field = str(error).rpartition("$.")[2].rstrip("`")
        sentence = _("El filtro «%(field)s» no se entiende.", field=field)
        raise Refused(f"{sentence} {explain(str(error))}", field) from error
