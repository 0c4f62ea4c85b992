"""Recipes on a page that is none: order, limits, expiry, secrets, and no way out but the typed ones."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.browser.ground import Job
from drivers.browser.interpreter import Interpreter
from drivers.browser.outcome import HIDDEN, PersonNeeded, Result, RunFailed, Stopped
from drivers.browser.reading import read_recipe
from drivers.browser.rules import Rules
from drivers.browser.site import CAPTCHAS, SECOND_FACTORS, read_site
from tests.drivers.browser.pretend import BASE, Pretend, down

SECRET = "clave-muy-secreta"
SITE = read_site(f"""
base: {BASE}
pages: {{lista: {{path: /lista, shows: '#t'}}}}
person: ['#firma']
login:
  outside: '#clave'
  steps: [{{type: {{into: '#clave', text: '${{password}}'}}}}, {{click: '#entrar'}}]
""")
LIST = f"{BASE}/lista"
DOOR = {"#clave": "", "#entrar": ""}


def job(page: Pretend, steps: str, **more: Any) -> Job:
    return Job(recipe=read_recipe(steps), site=SITE, rules=Rules(["crm.example"]), secrets={"password": SECRET},
               clock=page.clock, **more)  # fmt: skip


def run(page: Pretend, steps: str, **more: Any) -> Result:
    return Interpreter(page, job(page, steps, **more)).run()


def test_it_works() -> None:
    page = Pretend({LIST: {"#t": "1.234,5", "#b": ""}})
    result = run(page, "steps: [{open: {page: lista}}, {read: {from: '#t', as: n, type: decimal}}, {click: '#b'}]")
    assert str(result.values["n"]) == "1234.5"
    assert page.done == [("open", LIST), ("text", "#t"), ("click", "#b")]
    assert [(s.step, s.verb) for s in result.steps] == [("1", "open"), ("2", "read"), ("3", "click")]


def expiring(times: int) -> tuple[Pretend, Callable[[Pretend], None]]:
    """A site whose door shows as often as this when a page is opened."""
    page, left = Pretend({LIST: {"#t": "7", "#b": ""}}), [times]

    def close(page: Pretend) -> None:
        if left[0]:
            left[0] -= 1
            page.there[LIST] = dict(DOOR)

    def enter(page: Pretend) -> None:
        page.there[LIST] = {"#t": "7", "#b": ""}

    page.on_open, page.on_click["#entrar"] = close, enter
    return page, close


def test_an_open_that_meets_the_door_is_opened_again() -> None:
    page, _ = expiring(1)
    result = run(page, "steps: [{open: /lista}, {read: {from: '#t', as: n}}]")
    assert (result.values, result.logins) == ({"n": "7"}, 1)
    assert ("type", "#clave", SECRET) in page.done


def test_a_door_that_never_opens_is_tried_once() -> None:
    page, _ = expiring(99)
    page.on_click["#entrar"] = lambda page: None
    with pytest.raises(PersonNeeded, match="no acepta"):
        run(page, "steps: [{open: /lista}]")
    assert page.done.count(("click", "#entrar")) == 1


def test_a_session_that_keeps_running_out_ends_the_run() -> None:
    page, _ = expiring(99)
    with pytest.raises(RunFailed):
        run(page, "steps: [{open: /lista}, {open: /lista}, {open: /lista}]")
    assert page.done.count(("click", "#entrar")) <= 2


def test_what_may_have_changed_something_is_not_done_again() -> None:
    page, _ = expiring(0)
    page.on_click["#b"] = lambda page: page.there.update({LIST: dict(DOOR)})
    with pytest.raises(RunFailed, match="La sesión venció") as failed:
        run(page, "steps: [{open: /lista}, {click: '#b'}, {read: {from: '#t', as: n}}]")
    assert failed.value.permanent
    assert page.done.count(("click", "#b")) == 1


def test_a_recipe_that_says_so_is_begun_again() -> None:
    page, left = Pretend({LIST: {"#t": "7", "#b": ""}}), [1]

    def press(page: Pretend) -> None:
        if left.pop() if left else 0:
            page.there[LIST] = dict(DOOR)

    page.on_click["#b"] = press
    page.on_click["#entrar"] = lambda page: page.there.update({LIST: {"#t": "7", "#b": ""}})
    result = run(page, "again: true\nsteps: [{open: /lista}, {click: '#b'}, {read: {from: '#t', as: n}}]")
    assert (result.values, page.done.count(("click", "#b"))) == ({"n": "7"}, 2)


@pytest.mark.parametrize("mark", ["#firma", SECOND_FACTORS[0], CAPTCHAS[-1]])
def test_what_a_person_must_do_stops_it(mark: str) -> None:
    page = Pretend({LIST: {mark: ""}})
    with pytest.raises(PersonNeeded):
        run(page, "steps: [{open: /lista}, {click: '#b'}]")
    assert page.done == [("open", LIST)]
    assert len(page.pictures) == 1


@pytest.mark.parametrize(
    "url", ["http://otro.example/", "//otro.example/x", "file:///etc/passwd", "javascript:alert(1)", "chrome://version",
            "https://crm.example@otro.example/", "https://crm.example:8443/", "https://crm.example:x/"],
)  # fmt: skip
def test_no_address_outside_is_asked_for(url: str) -> None:
    page = Pretend({})
    with pytest.raises(RunFailed, match="no está entre los sitios permitidos"):
        run(page, f"steps: [{{open: '{url}'}}]")
    assert page.done == []


def test_limits_of_steps_and_time() -> None:
    page = Pretend({LIST: {"#b": ""}})
    with pytest.raises(RunFailed, match="límite de pasos"):
        run(page, "max_steps: 10\nsteps: [{open: /lista}, {repeat: {times: 900, do: [{click: '#b'}]}}]")
    page.on_click["#b"] = lambda page: page.pause()
    with pytest.raises(RunFailed, match="límite de tiempo"):
        run(page, "seconds: 3\nsteps: [{open: /lista}, {repeat: {times: 400, do: [{click: '#b'}]}}]")
    with pytest.raises(RunFailed, match="no aparece"):
        run(page, "seconds: 3\nsteps: [{open: /lista}, {wait: {for: '#nunca', seconds: 600}}]")


def test_what_failed_on_the_way_may_be_tried_again_until_something_was_done() -> None:
    page = Pretend({LIST: {"#b": ""}})
    page.on_open = down
    with pytest.raises(RunFailed) as first:
        run(page, "steps: [{open: /lista}]")
    page.on_open, page.on_click["#b"] = lambda _page: None, lambda page: setattr(page, "on_open", down)
    with pytest.raises(RunFailed) as later:
        run(page, "steps: [{open: /lista}, {click: '#b'}, {open: /lista}]")
    assert (first.value.permanent, later.value.permanent) == (False, True)


def test_a_click_after_which_the_site_is_gone_may_have_arrived() -> None:
    page = Pretend({LIST: {"#b": ""}})
    page.on_click["#b"] = lambda page: setattr(page, "at", "lost")
    with pytest.raises(RunFailed) as failed:
        run(page, "steps: [{open: /lista}, {click: '#b'}]")
    with pytest.raises(RunFailed) as harmless:
        run(page, "again: true\nsteps: [{open: /lista}, {click: '#b'}]")
    assert (failed.value.permanent, harmless.value.permanent) == (True, False)


def test_a_table_with_more_pages_than_allowed_is_not_cut_off_in_silence() -> None:
    page = Pretend({LIST: {"#t": "<table><tr><th>A<tr><td>0</table>", "a.next": ""}})
    page.on_click["a.next"] = lambda page: page.here.update({"#t": f"<table><tr><th>A<tr><td>{len(page.done)}</table>"})
    with pytest.raises(RunFailed, match="Suba «pages»"):
        run(page, "steps: [{open: /lista}, {table: {from: '#t', as: f, next: a.next, pages: 3}}]")
    page.there[LIST]["a.next"] = "disabled"
    assert len(run(page, "steps: [{open: /lista}, {table: {from: '#t', as: f, next: a.next}}]").rows["f"]) == 1
    with pytest.raises(RunFailed, match="no tiene la columna «B»"):
        run(page, "steps: [{open: /lista}, {table: {from: '#t', as: f, columns: {B: text}}}]")


def test_what_a_page_says_back_is_no_secret() -> None:
    page = Pretend({LIST: {"#eco": f"Su clave es {SECRET}"}})
    values = run(page, "steps: [{open: /lista}, {read: {from: '#eco', as: eco}}]").values
    assert values == {"eco": f"Su clave es {HIDDEN}"}


def test_stopping() -> None:
    page = Pretend({})
    with pytest.raises(Stopped):
        run(page, "steps: [{open: /lista}, {wait: '#nunca'}]", stopped=lambda: page.now > 1)


STEPS = st.sampled_from("""
{open: /lista}
{click: '#b'}
{read: {from: '#t', as: n, type: integer}}
{wait: {for: '#c', seconds: 1}}
{type: {into: '#c', text: '${password}'}}
{table: {from: '#t', as: t}}
{if: {sees: '#c', then: [{click: '#c'}]}}
{repeat: {times: 5, lacks: '#c', do: [{click: '#b'}]}}
{frame: {in: '#f', do: [{click: '#b'}]}}
{alert: accept}
{assert: {sees: '#b', page: lista}}
{list: {each: '#b', take: {x: .}, as: l}}
{screenshot: x}
{ask: ayuda}
""".strip().splitlines())
SEEN = st.dictionaries(st.sampled_from(["#b", "#t", "#c", "#f", "#clave", "#entrar", "#firma"]), st.just(SECRET))


@given(st.lists(STEPS, min_size=1, max_size=8), st.lists(SEEN, min_size=1, max_size=6), st.sampled_from(["every", ""]))
def test_any_run_ends_in_a_typed_way_and_tells_no_secret(
    steps: list[str], turns: list[dict[str, str]], pictures: str
) -> None:
    page = Pretend({LIST: turns[0], f"{BASE}/": turns[0]})
    page.blind = len(turns) % 2 == 0

    def turn(page: Pretend) -> None:
        page.there[LIST] = turns[len(page.done) % len(turns)]

    page.on_open, page.on_click = turn, dict.fromkeys(["#b", "#c", "#entrar"], turn)
    try:
        said = repr(run(page, f"max_steps: 60\nseconds: 60\nsteps: [{', '.join(steps)}]", pictures=pictures))
    except (RunFailed, PersonNeeded) as error:
        said = str(error) + repr(error.facts)
    assert SECRET not in said
    assert page.now < 90
    assert page.done.count(("click", "#entrar")) <= 2
