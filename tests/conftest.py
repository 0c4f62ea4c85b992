"""The beds every test may lie in. What each gives is said in its own file."""

import signal

import pytest

from tests.beds import statements

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in a shell's background job: what we start would be deaf too
    signal.signal(signal.SIGINT, signal.default_int_handler)

statements.share()

pytest_plugins = [f"tests.beds.{name}" for name in ("browsers", "databases", "children", "offices", "servers")]

DIALECTS = ("sqlite", "postgresql")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whatever touches a database runs on both, unless it says @pytest.mark.sqlite_only."""
    if "dialect" in metafunc.fixturenames and not _chosen(metafunc):
        only_one = next(metafunc.definition.iter_markers("sqlite_only"), None)
        metafunc.parametrize("dialect", [_param(name) for name in (DIALECTS[:1] if only_one else DIALECTS)])


def _chosen(metafunc: pytest.Metafunc) -> bool:
    """Whether the test names its dialects itself, by its own parametrize."""
    return any("dialect" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))


def _param(name: str) -> object:
    return pytest.param(name, marks=[pytest.mark.postgresql] if name == "postgresql" else [])
