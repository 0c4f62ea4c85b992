"""Reading ahead of the writing: the same items in order, errors where they belong, nothing left running."""

import threading
from collections.abc import Iterator
from contextvars import ContextVar

import pytest

from app.contacts.imports.ahead import ahead

PLACE: ContextVar[str] = ContextVar("PLACE", default="nowhere")


def test_it_works() -> None:
    with ahead(iter(range(50))) as items:
        assert list(items) == list(range(50))


def test_it_reads_no_further_than_it_may() -> None:
    seen: list[int] = []

    def counted() -> Iterator[int]:
        for n in range(50):
            seen.append(n)
            yield n

    with ahead(counted(), most=2) as items:
        assert next(items) == 0
    assert len(seen) <= 4  # one was taken, two wait, one is in hand


def test_an_error_of_the_reading_comes_out_after_what_was_read() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("row 2")

    with ahead(broken()) as items:
        assert next(items) == 1
        with pytest.raises(ValueError, match="row 2"):
            next(items)


def test_no_thread_outlives_the_block() -> None:
    before = threading.active_count()
    with ahead(iter(range(10**6))) as items:
        next(items)
    assert threading.active_count() == before


def test_the_reading_speaks_the_language_of_who_asked() -> None:
    def said() -> Iterator[str]:
        yield PLACE.get()

    token = PLACE.set("here")
    try:
        with ahead(said()) as items:
            assert list(items) == ["here"]
    finally:
        PLACE.reset(token)
