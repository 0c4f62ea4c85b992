"""Whichever way a search goes, it finds the same contacts in the same order."""

import random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from app.contacts import listing, ways
from app.contacts.filters import Filters
from app.contacts.folding import fold
from app.contacts.listing import Lister
from app.contacts.models import Contact, Status
from app.contacts.searching import pieces, terms
from app.contacts.statuses import seed_statuses
from app.frame.actor import SYSTEM
from app.frame.db import now_utc

WORDS = (
    "Ana", "Mariana", "González", "Gonzaga", "Ferretería", "O'Higgins", "ana.12@example.com", "mar-ana", "a_b", "100%",
    "50688123456", "50688129999", "50661234567", "8812", "x", "1.5kg", "12abc", "C\\a", "http://ana.example/x", "ñu",
)  # fmt: skip
ROWS = 300
SIZE = 7
NEEDLES = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join),
    st.builds(lambda word, a, b: word[a : a + b], st.sampled_from(WORDS), st.integers(0, 6), st.integers(1, 9)),
    st.sampled_from(["a", "8", "5", "50", "an", "ma g", "gonzalez a", "+506 8812", "nada-asi", "gonzagas", "88123457"]),
)


def row(n, chance, at, status):
    text = " ".join(chance.sample(WORDS, chance.randint(1, 5)))
    contact_id = n * chance.choice((1, 2)) + ROWS * 2 * (n % 2)
    return {
        "id": contact_id, "name": text, "name_key": fold(text), "search": fold(text), "notes": "",
        "bulk": False, "status_id": status, "tags": [], "custom": {}, "provenance": "manual", "phone": "",
        "email": "", "created_at": at, "updated_at": at, "seen_at": at, "version": 1, "last_contacted_at": None,
        "blocked": False, "is_company": False, "company": "", "country": "",
        "deleted_at": at if chance.random() < 0.1 else None,
    }  # fmt: skip


@pytest.fixture
async def filled(database):
    chance, at = random.Random(5), now_utc()
    async with database.unit(actor=SYSTEM) as db:
        await seed_statuses(db)
        await db.flush()
        status = (await db.scalars(select(Status.id).limit(1))).one()
        await db.execute(delete(Contact))
        made = {one["id"]: one for one in (row(n, chance, at, status) for n in range(1, ROWS))}
        await db.execute(insert(Contact), list(made.values()))
    return database


@pytest.fixture(params=[3, 40, 100_000])
def walk(request, monkeypatch):
    """Short enough to be given up, and long enough to hold everybody."""
    monkeypatch.setattr(ways, "WALK", request.param)
    monkeypatch.setattr(ways, "WALK_FOR_SEVERAL", request.param)
    forget()
    yield request.param
    forget()


def forget():
    listing.prepared.cache_clear()
    listing._counting.cache_clear()


async def both(database, q, after=""):
    """Page and count as they are, and by the way that always ends."""
    usual = Lister(database, SYSTEM, Filters(q=q), "UTC")
    found = await usual.page(after, SIZE), await usual.count(SIZE)
    whole = Lister(database, SYSTEM, Filters(q=q), "UTC")
    whole._way = lambda: ""
    return found, (await whole.page(after, SIZE), await whole.count(SIZE))


async def test_it_works(filled, walk):
    (page, count), (whole, counted) = await both(filled, "gonzalez")
    assert len(page.rows) == SIZE
    assert page == whole
    assert count == counted == SIZE + 1
    assert all("gonzalez" in fold(r.name) for r in page.rows)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(q=NEEDLES)
async def test_every_way_finds_the_same(filled, walk, q):
    after = ""
    for _ in range(3):
        found, whole = await both(filled, q, after)
        assert found == whole
        after = found[0].next
        if not after:
            break


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(q=NEEDLES, sort=st.sampled_from(["", "name", "-updated"]))
async def test_a_fragment_is_found_where_it_stands_and_nowhere_else(filled, q, sort):
    """The index knows three letters at a time; whether they stand together, the row says."""
    found = terms(q)
    assume(found.fragments and not found.beginnings)
    async with filled.unit(write=False) as db:
        texts = dict((await db.execute(select(Contact.id, Contact.search).where(Contact.deleted_at.is_(None)))).all())
    page = await Lister(filled, SYSTEM, Filters(q=q, sort=sort), "UTC").page("", ROWS)
    assert {row.id for row in page.rows} == {i for i, said in texts.items() if all(w in said for w in found.fragments)}


def test_pieces_begin_with_what_tells_most():
    words = ("50688123456", "gonzalez", "ana.12@example.com", "ana", "mora", "a1bcd", "12ab")
    assert {word: pieces(word) for word in words} == {
        "50688123456": ["456", "123", "688"],
        "gonzalez": ["gon", "zal", "lez"],
        "ana.12@example.com": [".12", "ana", "@ex"],
        "ana": ["ana"],
        "mora": ["mor", "ora"],
        "a1bcd": ["a1b", "bcd"],
        "12ab": ["12a", "2ab"],
    }


@given(st.text(min_size=3, max_size=30))
def test_pieces_are_trigrams_of_the_word(word):
    found = pieces(word)
    assert found
    assert all(len(one) == 3 and one in word for one in found)


def test_which_way_is_tried():
    tried = {q: [ways.sooner(d, "-created", terms(q)) for d in ("sqlite", "postgresql")] for q in ("8", "gonzalez")}
    assert tried == {"8": ["", ways.WALKING], "gonzalez": ["", ways.WALKING]}
    assert ways.sooner("postgresql", "-created", terms("88123456")) == ""
    assert ways.sooner("postgresql", "name", terms("8")) == ""
