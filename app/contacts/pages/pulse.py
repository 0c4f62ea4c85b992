"""GET /contactos/pulso: one hidden element keeps a whole list fresh, however many rows it shows."""

import math
import time
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from markupsafe import Markup

from app.contacts import news
from app.contacts.asked import Asked
from app.contacts.columns import clean_columns
from app.contacts.listing import Lister
from app.contacts.pages.rows import RowPress, stamp
from app.contacts.pages.table import asked_of, chosen_columns
from app.contacts.people import names_of
from app.frame.actor import Actor
from app.frame.auth import needs
from app.frame.office import Office
from app.frame.pages import fragment

AnyRequest = Request[Any, Any, Any]
TOTALS = "contacts.totals"
TOTALS_MAX = 500
TOTAL_RATIO = 100


def seen_of(text: str) -> dict[int, str]:
    """`42:3-0-0,43:1-0-0` -> {42: "3-0-0", 43: "1-0-0"}: the rows that a browser shows, and how they look there."""
    pairs = (one.partition(":") for one in text.split(",") if one)
    return {int(i): mark for i, _colon, mark in pairs if i.isdecimal() and len(i) < 19}


@get("/contactos/pulso", guards=[needs("contacts.view")], include_in_schema=False)
async def pulse(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """Rows that look different, rows that went, how many are new, the total; and itself, for the next time."""
    asked, actor = asked_of(request), request.user
    seen = seen_of(request.query_params.get("v", ""))
    newest = request.query_params.get("desde", "")[:18]
    changed, gone = await _changes(office, actor, seen)
    return fragment(
        "contacts/_pulse_answer.html",
        asked=asked,
        newest=int(newest) if newest.isdecimal() else await news.newest_id(office.database),
        fresh=await _fresh(office, actor, asked, newest),
        changed=await _pressed(office, actor, asked, changed),
        gone=gone,
        **await counted(office, actor, asked),
    )


async def _changes(office: Office, actor: Actor, seen: dict[int, str]) -> tuple[list[int], list[int]]:
    """Which of the rows look different by now, and which this person sees no more."""
    ids = list(seen)[: news.SEEN_MAX]
    if not ids:
        return [], []
    now = await news.stamps(office.database, actor, ids)
    marks = {i: stamp(s.version, s.blocked, s.last_contacted_at) for i, s in now.items()}
    return [i for i in marks if marks[i] != seen[i]], [i for i in ids if i not in marks]


async def _pressed(office: Office, actor: Actor, asked: Asked, ids: list[int]) -> dict[int, str]:
    """Row HTML by id."""
    if not ids:
        return {}
    known = await names_of(office)
    columns = clean_columns(asked.columns or await chosen_columns(office, actor), known.names.fields)
    press = RowPress(office, known, columns)
    return {row.id: Markup(press.html(row)) for row in await news.rows_of(office.database, actor, ids)}


async def _fresh(office: Office, actor: Actor, asked: Asked, newest: str) -> int:
    if not newest.isdecimal():
        return 0
    return await news.count_newer(office.database, actor, asked.filters, int(newest), office.profile.timezone)


async def counted(office: Office, actor: Actor, asked: Asked) -> dict[str, Any]:
    """`total` and whether there are more than that (`beyond`). A count that took long is used for a hundred times as
    long, by everybody with the same reach; `again_s` says when to look once more."""
    lister = Lister(office.database, actor, asked.filters, office.profile.timezone)
    kept: dict[Any, tuple[int, float]] = office.state.setdefault(TOTALS, {})
    key = lister.question
    total, until = kept.get(key, (0, 0.0))
    now = time.monotonic()
    again_s = math.ceil(until - now) if until > now else 0
    if not again_s:
        total = await lister.count()
        if len(kept) >= TOTALS_MAX:
            kept.clear()
        kept[key] = (total, time.monotonic() + TOTAL_RATIO * (time.monotonic() - now))
    return {"total": min(total, lister.count_max), "beyond": total > lister.count_max, "again_s": again_s}
