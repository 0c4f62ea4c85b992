"""The driver that drivers/README.md writes in ten minutes really works."""

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from drivers.contract import NeedsHuman, NotReady, Outbound, SendError
from tests.drivers.collecting import Collecting
from tests.drivers.conftest import Living

README = Path(__file__).parents[2] / "drivers" / "README.md"


@pytest.fixture
def folder() -> Any:
    found = re.search(r"```python\n(.*?)```", README.read_text(), re.S)
    assert found
    module = ModuleType("folder_driver")
    exec(compile(found[1], str(README), "exec"), module.__dict__)  # noqa: S102
    return module


def make(folder: Any, at: Path) -> Any:
    return folder.DRIVER(folder.FolderSettings(folder=str(at), every_s=0.05))


async def test_it_works(folder: Any, tmp_path: Path, living: Living) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "in" / "+50680000001-7.txt").write_text("Buenas")
    line = make(folder, tmp_path)
    async with living(line) as sink:
        await sink.until(inbounds=1)
        receipt = await line.send(Outbound(key="k1", channel="file", to="+50680000001", text="Hola"))
    assert (sink.inbounds[0].text, sink.inbounds[0].sender.address) == ("Buenas", "+50680000001")
    assert receipt.external_id == "k1"
    assert (tmp_path / "out" / "k1.txt").read_text() == "+50680000001\nHola"
    assert (await line.probe()).ok


async def test_it_says_what_is_wrong(folder: Any, tmp_path: Path, living: Living) -> None:
    with pytest.raises(NeedsHuman):
        async with living(make(folder, tmp_path)):
            pass
    with pytest.raises(NotReady, match="No se encuentra"):
        async with living(make(folder, tmp_path / "gone")):
            pass
    assert not (await make(folder, tmp_path / "gone").probe()).ok


async def test_a_message_stays_at_the_source_until_it_is_stored(folder: Any, tmp_path: Path) -> None:
    for name in ("in", "out"):
        (tmp_path / name).mkdir()
    (tmp_path / "in" / "a-1.txt").write_text("Buenas")
    sink = Collecting()
    sink.fails = True
    with pytest.raises(OSError, match="disk full"):
        await make(folder, tmp_path).run(sink)
    assert (tmp_path / "in" / "a-1.txt").exists()
    with pytest.raises(SendError, match="no tiene texto"):
        await make(folder, tmp_path).send(Outbound(key="k", channel="file", to="x"))
