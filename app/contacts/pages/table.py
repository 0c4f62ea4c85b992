"""GET /contactos: the list, its fragments, and what changed under it."""

import time
from typing import Any

from litestar import MediaType, Request, Response, get
from litestar.di import NamedDependency
from markupsafe import Markup

from app.contacts import views
from app.contacts.asked import Asked, read_query
from app.contacts.bulk import running_batches
from app.contacts.choices import choices_of
from app.contacts.columns import COLUMNS, OWN, SORTED_BY, clean_columns, columns_of
from app.contacts.exports.service import waiting_exports
from app.contacts.imports.uploads import running_imports
from app.contacts.listing import Lister
from app.contacts.pages.facets import facets
from app.contacts.pages.rows import RowPress, today
from app.contacts.people import names_of
from app.contacts.rows import Slips
from app.frame.actor import Actor
from app.frame.auth import needs
from app.frame.i18n import PLACE
from app.frame.office import Office
from app.frame.pages import VARY, fragment, is_partial, page, render
from app.frame.refused import Refused

AnyRequest = Request[Any, Any, Any]
CHOSEN = "contacts.columns"
CHOSEN_S = 5.0
BESIDE = "contacts.beside"
BESIDE_MAX = 500


def asked_of(request: AnyRequest) -> Asked:
    return read_query(request.scope["query_string"].decode("ascii", "replace"))


async def chosen_columns(office: Office, actor: Actor) -> tuple[str, ...]:
    """The person's own columns, at most CHOSEN_S old."""
    kept: dict[int, tuple[float, tuple[str, ...]]] = office.state.setdefault(CHOSEN, {})
    until, columns = kept.get(actor.user_id or 0, (0.0, ()))
    if until < time.monotonic():
        async with office.database.unit(write=False, actor=actor) as db:
            columns = await columns_of(db, actor.user_id)
        kept[actor.user_id or 0] = (time.monotonic() + CHOSEN_S, columns)
    return columns


def forget_columns(office: Office, actor: Actor) -> None:
    office.state.get(CHOSEN, {}).pop(actor.user_id or 0, None)


class Table:
    """One page of the list for one person: rows, and everything that its templates say about them."""

    def __init__(self, office: Office, actor: Actor, asked: Asked, columns: tuple[str, ...], press: RowPress) -> None:
        self.office, self.actor, self.asked, self.columns, self.press = office, actor, asked, columns, press
        self.lister = Lister(office.database, actor, asked.filters, office.profile.timezone)
        self.page = Slips([], None)
        self.rows = Markup("")

    @classmethod
    async def of(cls, office: Office, actor: Actor, asked: Asked) -> "Table":
        """The table with its rows read and rendered."""
        known = await names_of(office)
        columns = clean_columns(asked.columns or await chosen_columns(office, actor), known.names.fields)
        table = cls(office, actor, asked, columns, RowPress(office, known, columns))
        table.page = await table.lister.slips(asked.after)
        rows = await table.press.page(actor, table.page.rows)
        table.rows = Markup(rows + table.press.more(table.next) if table.next else rows)
        return table

    @property
    def next(self) -> str:
        """Address of the page after this one; empty at the end."""
        query = self.asked.query
        return f"/contactos?{query}{'&' if query else ''}after={self.page.next}" if self.page.next else ""

    @property
    def width(self) -> int:
        """Columns of the table with the check, the name and the menu."""
        return len(self.columns) + 3

    def heads(self) -> list[tuple[str, str, str]]:
        """(key, title, order it sorts by) of the chosen columns."""
        titles = self.titles()
        return [(c, titles[c], SORTED_BY.get(c, "")) for c in self.columns]

    def titles(self) -> dict[str, str]:
        """Every column that may be chosen, by its name."""
        return COLUMNS | {OWN + key: title for key, title in self.press.names.fields.items()}

    def sorting(self) -> str:
        """The query of this list up to `sort=`."""
        query = self.asked.with_(sort="").query
        return f"/contactos?{query}{'&' if query else ''}sort="


@get("/contactos", guards=[needs("contacts.view")], include_in_schema=False)
async def contacts(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """The page, the list in it, its rows after a search, or its next rows."""
    asked = asked_of(request)
    table = await Table.of(office, request.user, asked)
    if not is_partial(request):
        return page(request, "contacts/page.html", **await around(table))
    if asked.after:
        return Response(table.rows, media_type=MediaType.HTML, headers=VARY)
    if request.headers.get("HX-Target") == "section#list":
        return addressed(request, fragment("contacts/_list.html", **await around(table)), asked)
    found = Response(f"{table.rows or nothing(table)}{await beside(table)}", media_type=MediaType.HTML, headers=VARY)
    return addressed(request, found, asked)


def nothing(table: Table) -> str:
    return render("contacts/_empty.html", table=table)


async def beside(table: Table) -> str:
    """The parts around the rows that change with a search; kept, as the same lists are asked for again and again."""
    office, actor, choices = table.office, table.actor, await choices_of(table.office)
    kept: dict[Any, str] = office.state.setdefault(BESIDE, {})
    may = tuple(actor.may(f"contacts.{name}") for name in ("edit", "delete", "export"))
    key = (PLACE.get(), today(), table.press.generation, choices.until, table.asked, may)
    said = kept.get(key)
    if said is None:
        if len(kept) >= BESIDE_MAX:
            kept.clear()
        shown = facets(table.asked, table.press.names, choices)
        said = kept[key] = render("contacts/_beside.html", table=table, facets=shown)
    return said


def addressed(request: AnyRequest, response: Response[str], asked: Asked) -> Response[str]:
    """Put the clean address of the list into the bar; letters typed one after the other are one step of history."""
    address = f"/contactos?{asked.query}".rstrip("?")
    response.headers["HX-Replace-Url" if _typing_on(request, asked) else "HX-Push-Url"] = address
    return response


def _typing_on(request: AnyRequest, asked: Asked) -> bool:
    """Whether only the search text differs from the address the browser shows now."""
    try:
        before = read_query(request.headers.get("HX-Current-URL", "").partition("?")[2])
    except Refused:  # the browser stands on an address that was never a list
        return False
    return bool(before.filters.q and asked.filters.q) and before.with_(q="").query == asked.with_(q="").query


async def around(table: Table) -> dict[str, Any]:
    """What the whole list needs beside its rows: filters, views, columns, running work."""
    office, actor = table.office, table.actor
    choices = await choices_of(office)
    async with office.database.unit(write=False, actor=actor) as db:
        saved, batches, exports = await views.views_of(db), await running_batches(db), await waiting_exports(db)
        imports = await running_imports(db)
    return {
        "table": table,
        "facets": facets(table.asked, table.press.names, choices),
        "views": saved,
        "batches": batches,
        "exports": exports,
        "imports": imports,
        "all_columns": table.titles(),
    }
