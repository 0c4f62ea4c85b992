"""Recipes read, or refused with the step and what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.browser.reading import RecipeError, every, read_recipe
from drivers.browser.selectors import located, quoted
from drivers.browser.site import read_site
from drivers.browser.steps import VERBS

WHOLE = """
name: Saldos
inputs: [cuenta]
seconds: 60
steps:
- open: {page: lista, query: {q: '${cuenta}'}}
- type: {into: '#q', text: '${password}', enter: true}
- choose: {in: '#s', option: No}
- if: {sees: '#vacio', then: [{ask: Sin datos}], else: [{click: 'text:${cuenta}'}]}
- repeat: {times: 3, sees: a.mas, do: [{click: a.mas}]}
- table: {from: table, as: filas, columns: {Saldo: decimal}, next: a.next, pages: 2}
"""


def test_it_works() -> None:
    recipe = read_recipe(WHOLE)
    assert (recipe.name, recipe.inputs, recipe.seconds) == ("Saldos", ("cuenta",), 60)
    assert [s.path for s in every(recipe.steps)] == ["1", "2", "3", "4", "4.then.1", "4.else.1", "5", "5.do.1", "6"]
    assert recipe.steps[2].what.option == "No", "the word, not a no"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("steps: [{clik: a}]", "Paso 1: «clik» no es una acción. Se puede: open"),
        ("steps: [{open: a, click: b}]", "Paso 1: cada paso es una sola acción"),
        ("steps:\n- open: /\n- click: {}", "Paso 2 (click): falta «on»"),
        ("steps: [{click: {on: a, x: b}}]", "«x» no se conoce. Se puede: on"),
        ("steps: [{table: {from: a, as: b, pages: 0}}]", "«pages» tiene un valor que no sirve"),
        ("steps: [{wait: {for: a, seconds: siempre}}]", "«seconds» tiene un valor que no sirve"),
        ("steps: [{if: {sees: a, then: [{click: {}}]}}]", "Paso 1.then.1 (click)"),
        ("steps: [{repeat: {times: 2, do: no}}]", "Paso 1.do: aquí va una lista"),
        ("steps: [{open: '/?p=${password}'}]", "solo va en el texto de type"),
        ("steps: [{type: {into: a, text: '${otro}'}}]", "${otro} no está en inputs"),
        ("inputs: [a]\nsteps: [{click: '#x${a}'}]", "solo puede ir tras text: o label:"),
        ("inputs: [password]\nsteps: [{open: /}]", "«password» no sirve como nombre"),
        ("inputs: 3\nsteps: [{open: /}]", "«inputs»"),
        ("pasos: []", "La receta necesita «steps»"),
        ("steps: []", "La receta necesita «steps»"),
        ("steps:\n- open: [", "Línea"),
        ("steps:\n- open: /\n  open: /b", "Línea 3"),
        ("a: &x [1]\nsteps: *x", "Línea 2"),
        ("steps: [{read: {from: a, as: b, type: color}}]", "«type»"),
    ],
)
def test_what_is_wrong_is_said_with_its_step(text: str, says: str) -> None:
    with pytest.raises(RecipeError) as wrong:
        read_recipe(text)
    assert says in str(wrong.value)


KEYS = st.sampled_from([*VERBS, "on", "then", "do", "from", "as", "times", "sees", "steps"])
TREES = st.recursive(
    st.sampled_from(["a", "", "1", "${x}", "text:${b}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=25,
)


@given(TREES | st.text(max_size=60))
def test_any_recipe_is_read_or_refused(tree: object) -> None:
    text = tree if isinstance(tree, str) else f"steps: {tree!r}"
    try:
        steps = read_recipe(text).steps
    except RecipeError:
        return
    assert steps


def test_depth_and_length_have_an_end() -> None:
    deep = "steps: [{open: /}]"
    for _ in range(20):
        deep = f"steps: [{{repeat: {{times: 2, do: {deep.removeprefix('steps: ')}}}}}]"
    for text in (deep, "steps:\n" + "- open: /\n" * 1001, "x" * 300_000):
        with pytest.raises(RecipeError):
            read_recipe(text)


@given(st.text(max_size=20))
def test_a_text_cannot_end_its_quotes_in_xpath(text: str) -> None:
    said = quoted(text)
    parts = said.removeprefix("concat(").removesuffix(")").split(", ") if said.startswith("concat(") else [said]
    if len(parts) == 1:
        assert said[0] not in said[1:-1]
    assert located(f"text:{text}")[0] == "xpath"


def test_a_site_and_its_pages() -> None:
    site = read_site("base: https://crm.example/app/\npages:\n  lista: {folder: /app/ventas, path: lista, shows: '#t'}")
    assert site.host == "crm.example"
    assert site.address("", "lista", {"q": "a b"}) == "https://crm.example/app/ventas/lista?q=a+b"
    assert site.address("otra?x=1") == "https://crm.example/app/otra?x=1"
    assert site.could_be("lista", "https://crm.example/app/ventas/lista/?p=2")
    assert not site.could_be("lista", "https://crm.example.malo.example/app/ventas/lista")


@pytest.mark.parametrize(
    "text", ["base: crm", "x: 1", "base: [a]", "login: {outside: a, steps: [{nada: 1}]}", "login: {}"]
)
def test_a_site_that_is_wrong_is_refused(text: str) -> None:
    with pytest.raises(RecipeError):
        read_site(text)
