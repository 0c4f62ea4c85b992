"""Modules are values that are put together at the start; what does not fit is said in one sentence."""

import pytest

from app.frame import host
from app.frame.module import Every, Job, Module, Permission
from app.modules import BUILTIN


async def nothing(*_any: object) -> None: ...


def named(name: str, *needs: str, **more: object) -> Module:
    return Module(name=name, title=name, needs=needs, **more)  # type: ignore[arg-type]


class Entry:
    """What a package of somebody else's says it brings."""

    def __init__(self, name: str, brings: Module | Exception) -> None:
        self.name, self.brings = name, brings

    def load(self) -> Module:
        if isinstance(self.brings, Exception):
            raise self.brings
        return self.brings


@pytest.fixture
def bring(monkeypatch: pytest.MonkeyPatch):
    """Pretend that these are installed."""
    return lambda *entries: monkeypatch.setattr(host, "_installed", lambda: entries)


def test_it_works(bring) -> None:
    bring()
    modules, skipped = host.load(BUILTIN)
    assert skipped == {}
    places = {name: at for at, name in enumerate(modules)}
    assert [(n, need) for n, m in modules.items() for need in m.needs if places[need] > places[n]] == []


def test_somebody_elses_module_comes_in_by_the_same_door(bring) -> None:
    bring(Entry("loyalty", named("loyalty", "contacts")))
    modules, skipped = host.load(BUILTIN)
    assert list(modules)[-1] == "loyalty"
    assert skipped == {}


def test_one_that_breaks_or_lacks_something_is_left_out_with_its_reason_and_the_office_opens(bring) -> None:
    bring(Entry("acme", ImportError("no module named acme_sdk")), Entry("stamps", named("stamps", "printers")))
    modules, skipped = host.load(BUILTIN)
    assert set(modules) == {name.removeprefix("app.") for name in BUILTIN}
    assert skipped == {"acme": "ImportError: no module named acme_sdk", "stamps": "needs printers"}


CLASHES = [
    ((named("a"), named("a")), "The module 'a' is declared twice."),
    ((named("a", "b"),), "Module 'a' needs 'b', which is not installed."),
    ((named("a", permissions=(Permission("x.see", "X"),)), named("b", permissions=(Permission("x.see", "X"),))),
     "The permission 'x.see' is declared twice."),
    ((named("a", jobs={"j": Job(run=nothing)}), named("b", jobs={"j": Job(run=nothing)})),
     "The job 'j' is declared twice."),
    ((named("a", schedules=(Every("j", minutes=1),)),), "Module 'a' schedules 'j', which is not one of its jobs."),
]  # fmt: skip


@pytest.mark.parametrize(("modules", "said"), CLASHES, ids=[said for _m, said in CLASHES])
def test_what_does_not_fit_refuses_to_start_with_one_sentence(modules, said) -> None:
    with pytest.raises(host.BadHouse) as refused:
        host.check(list(modules))
    assert str(refused.value) == said


def test_a_circle_is_named() -> None:
    with pytest.raises(host.BadHouse, match="a -> b -> a"):
        host.in_order([named("a", "b"), named("b", "a")])
