"""Scrolling to the end shows everybody once, in order, whatever the order and the data."""

import re
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from app.contacts.filters import SORTS, Filters
from app.contacts.folding import fold, sort_key
from app.contacts.listing import Lister
from app.contacts.models import Contact, Status
from app.contacts.shape import ORDERS
from app.frame.actor import SYSTEM
from app.frame.db import now_utc
from tests.contacts.pages.conftest import shown

START = now_utc()
MORE = re.compile(r'hx-get="(/contactos\?[^"]*after=[^"]+)"')
ROW = st.tuples(
    st.sampled_from(["Ana", "ana", "Ñato", "Núñez", "Zoe", "", "Beto 2"]), st.integers(0, 3),
    st.one_of(st.none(), st.integers(0, 3)), st.integers(0, 2),
)  # fmt: skip


def row(name, updated, contacted, status, statuses):
    return {
        "name": name or "x", "name_key": sort_key(name or "x"), "search": fold(name or "x"), "notes": "", "bulk": False,
        "status_id": statuses[status], "tags": [], "custom": {}, "provenance": "manual", "phone": "", "email": "",
        "created_at": START, "updated_at": START + timedelta(seconds=updated), "seen_at": START, "version": 1,
        "last_contacted_at": None if contacted is None else START + timedelta(seconds=contacted), "blocked": False,
        "is_company": False, "company": "", "country": "",
    }  # fmt: skip


async def fill(database, rows):
    async with database.unit() as db:
        await db.execute(delete(Contact))
        statuses = list(await db.scalars(select(Status.id).order_by(Status.id).limit(3)))
        if rows:
            await db.execute(insert(Contact), [row(*r, statuses) for r in rows])


def order_of(rows, sort):
    """What the order promises, said with Python's own sort."""
    order = ORDERS[sort]

    def key(r):
        value = sort_key(r.name) if order.column == "name_key" else getattr(r, order.column)
        return (value is None) != order.down, value or START - timedelta(days=9), r.id

    if order.column in ("id", "status_id", "name_key"):
        return sorted(rows, key=lambda r: (key(r)[1] if order.column != "id" else r.id, r.id), reverse=order.down)
    some = sorted((r for r in rows if getattr(r, order.column) is not None), key=key, reverse=order.down)
    return some + sorted((r for r in rows if getattr(r, order.column) is None), key=lambda r: r.id, reverse=order.down)


async def all_pages(lister, size, thin):
    found, after = [], ""
    while True:
        page = await (lister.slips(after, size) if thin else lister.page(after, size))
        found += page.rows
        if page.next is None:
            return found
        assert len(page.rows) == size
        after = page.next


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, max_size=30), sort=st.sampled_from(SORTS), size=st.integers(1, 7))
async def test_it_works(world, rows, sort, size):
    """No gap, no double, in order; thin rows walk the same way as whole ones."""
    database = world.office.database
    await fill(database, rows)
    lister = Lister(database, SYSTEM, Filters(sort=sort), "America/Costa_Rica")
    whole = await all_pages(lister, size, thin=False)
    assert [r.id for r in whole] == [r.id for r in order_of(whole, sort)]
    assert len({r.id for r in whole}) == len(whole) == len(rows)
    assert [s.id for s in await all_pages(lister, size, thin=True)] == [r.id for r in whole]


async def test_scrolling_the_page_to_its_end_shows_everybody_once(world):
    await fill(world.office.database, [(f"Persona {i % 40}", i % 7, None if i % 3 else i % 5, 0) for i in range(130)])
    client = await world.client_as("diego")
    for query in ("", "sort=name", "sort=-contacted", "q=persona", "q=p&sort=name", "status=NC"):
        text = (await client.partial(f"/contactos?{query}")).text
        found = shown(text)
        while more := MORE.search(text):
            text = (await client.partial(more[1].replace("&amp;", "&"))).text
            found += shown(text)
        assert len(found) == len(set(found)) == 130, query


async def test_a_cursor_of_another_order_is_refused(world):
    await fill(world.office.database, [("Ana", 0, None, 0)] * 60)
    client = await world.client_as("diego")
    more = MORE.search((await client.partial("/contactos?sort=name")).text)[1].replace("&amp;", "&")
    assert (await client.partial(more.replace("sort=name", "sort=-updated"))).status_code == 422
