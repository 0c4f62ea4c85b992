"""`python -m drivers.<kind> --help` of every driver says all that can be set and done."""

import runpy
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from drivers.cli import env_name
from drivers.contract import Driver, fields

KINDS = sorted(path.parent.name for path in Path(import_module("drivers").__path__[0]).glob("*/driver.py"))


def driver(kind: str) -> type[Driver[Any]]:
    found: type[Driver[Any]] = import_module(f"drivers.{kind}.driver").DRIVER
    return found


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """What a driver's own `__main__` answers to words."""

    def ask(kind: str, *words: str) -> str:
        monkeypatch.setattr(sys, "argv", [kind, *words])
        with pytest.raises(SystemExit) as ended:
            runpy.run_module(f"drivers.{kind}.__main__", run_name="__main__")
        assert ended.value.code == 0
        return capsys.readouterr().out

    return ask


def test_it_works(said: Any) -> None:
    assert {"sim", "gsm", "browser"} <= set(KINDS)
    assert said("sim", "--help").startswith("usage: python -m drivers.sim")


@pytest.mark.parametrize("kind", KINDS)
def test_every_setting_is_named_and_a_secret_only_by_its_variable(said: Any, kind: str) -> None:
    words = said(kind, "--help").split()
    for each in fields(driver(kind).Settings):
        flag = "--" + each.name.replace("_", "-")
        offered = any(word.strip("[],:").startswith(flag) for word in words)
        assert offered is not each.secret, f"{each.name}: named, and no secret on a command line"
        assert (env_name(driver(kind), each) + ":" in words) == each.secret


@pytest.mark.parametrize("kind", [kind for kind in KINDS if driver(kind).does])
def test_every_action_is_named_with_its_arguments(said: Any, kind: str) -> None:
    lines = said(kind, "do", "--help").splitlines()
    for name, action in driver(kind).does.items():
        assert f"{name}: {' '.join(f.name for f in fields(action))}".rstrip() in [line.rstrip() for line in lines]


@pytest.mark.parametrize("kind", KINDS)
def test_webhooks_are_offered_by_those_who_have_them(said: Any, kind: str) -> None:
    assert ("--hook-port" in said(kind, "listen", "--help")) == driver(kind).hooked
