"""What the macros print: the words, the state, the attributes; nothing that was typed becomes markup."""

from typing import Any

import pytest

from app.frame.forms import Form
from app.frame.host import load
from app.frame.templates import make_environment
from app.modules import BUILTIN

ENVIRONMENT = make_environment(load(BUILTIN)[0].values())
FORM: Form[Any] = Form(
    {"name": '<b>"Ana"</b>', "keep": None, "tags": ["b"]}, {"name": "Falta <algo>.", "": "No se pudo."}, None
)


def say(call: str, **context: Any) -> str:
    """A macro call, rendered."""
    name = call.split("(")[0].removeprefix("call ")
    source = f'{{% from "macros.html" import {name} %}}{{{{ {call} }}}}'
    return ENVIRONMENT.from_string(source).render(context)


def test_it_works() -> None:
    assert say('icon("phone")') == '<i class="i i-phone" aria-hidden="true"></i>'


def test_a_field_keeps_what_was_typed_says_what_is_wrong_and_never_runs_it() -> None:
    html = say('field("name", "Nombre", form, hint="Como en la cédula")', form=FORM)
    assert 'value="&lt;b&gt;&#34;Ana&#34;&lt;/b&gt;"' in html
    assert "Falta &lt;algo&gt;." in html
    assert 'aria-describedby="f-name-hint f-name-error" aria-invalid="true"' in html


def test_a_field_without_trouble_has_no_trouble() -> None:
    html = say('field("phone", "Teléfono", form, optional=true)', form=Form({}, {}, None))
    assert "aria-invalid" not in html
    assert "aria-describedby" not in html
    assert "(opcional)" in html


@pytest.mark.parametrize(
    ("keywords", "printed"),
    [
        ("autofocus=true", " autofocus>"),
        ("autofocus=false", ">"),
        ("autocomplete=none", ">"),
        ('data_search="x"', ' data-search="x">'),
        ('placeholder="a\\"b"', ' placeholder="a&#34;b">'),
        ('attrs={"hx-on": "no", "data-x": true}', ' hx-on="no" data-x>'),
    ],
)
def test_extra_keywords_become_attributes(keywords: str, printed: str) -> None:
    html = say(f'field("n", "N", {keywords})')
    assert html.split('value=""')[1].startswith(printed)


def test_a_password_is_never_printed_again() -> None:
    assert "secreto" not in say('field("key", "Clave", form, type="password")', form=Form({"key": "secreto"}, {}, None))


@pytest.mark.parametrize(
    ("typed", "on"), [("on", True), ("true", True), (True, True), (None, False), ("", False), (False, False)]
)
def test_a_box_is_checked_as_it_was_left(typed: object, on: bool) -> None:
    assert (
        " checked" in say('check("keep", "Recordar", form, checked=true)', form=Form({"keep": typed}, {}, None))
    ) is on


def test_a_box_of_a_list_is_checked_when_its_value_was_chosen() -> None:
    assert " checked" in say('check("tags", "B", form, value="b")', form=FORM)
    assert " checked" not in say('check("tags", "A", form, value="a")', form=FORM)


def test_the_chosen_option_is_selected_in_a_group_too() -> None:
    html = say('select("n", "N", [("Grupo", [(1, "Uno"), (2, "Dos")])], value=2)')
    assert (
        '<optgroup label="Grupo"><option value="1">Uno</option><option value="2" selected>Dos</option></optgroup>'
        in html
    )


def test_the_summary_says_what_belongs_to_no_field_or_how_many_fields() -> None:
    assert "No se pudo." in say("errors(form)", form=FORM)
    assert "Revise 2 campos antes de guardar." in say("errors(form)", form=Form({}, {"a": "x", "b": "y"}, None))
    assert say("errors(form)", form=Form({}, {}, None)).strip() == ""


def test_a_live_region_listens_to_its_topics_and_to_resync() -> None:
    html = say('live(["contact-1", "contact-2"], "/contactos/1")')
    assert 'hx-trigger="nudge:contact-1 from:body, nudge:contact-2 from:body, resync from:body"' in html
    assert 'hx-target="this"' in html, "an inherited target would send the answer elsewhere"


def test_a_sorted_column_says_its_direction_and_its_link_turns_it() -> None:
    up = say('th("Nombre", "name", "name", "/c?sort=")')
    assert 'aria-sort="ascending"' in up
    assert 'href="/c?sort=-name"' in up
    assert 'href="/c?sort=name"' in say('th("Nombre", "name", "-name", "/c?sort=")')
    assert "aria-sort" not in say('th("Nombre", "name", "status", "/c?sort=")')


def test_a_count_of_zero_prints_nothing() -> None:
    assert say("count(0)") == ""
    assert ">7<" in say("count(7)")


def test_a_job_without_total_shows_movement_and_no_invented_share() -> None:
    assert "<progress aria-label" in say('job("j", "Importando", 0, 0)')
    assert 'value="61" max="100" aria-label="Importando: 61 %"' in say('job("j", "Importando", 61, 100)')
