"""Folding many texts together says what folding each says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contacts.folding import fold, fold_many, sort_key, sort_keys

TEXTS = st.lists(st.one_of(st.text(max_size=8), st.text("ÁéñÑñ́Σςİßn\0 \n", max_size=8)), max_size=6)


def test_it_works() -> None:
    assert fold_many(["Núñez", "", "ÁRBOL"]) == ["nunez", "", "arbol"]
    assert sorted(["Nuñez", "Nunez", "Nuo"], key=sort_key) == ["Nunez", "Nuñez", "Nuo"]


@pytest.mark.parametrize("decomposed", ["García", "N\u0303andu\u0301"])
def test_accents_go_however_they_are_written(decomposed: str) -> None:
    assert fold(decomposed).isascii()


@given(texts=TEXTS)
def test_many_at_once_are_each_as_alone(texts: list[str]) -> None:
    assert fold_many(texts) == [fold(text) for text in texts]
    assert sort_keys(texts) == [sort_key(text) for text in texts]
