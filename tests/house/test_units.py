"""The measure that keeps the outside world out of units of work."""

from pathlib import Path

import pytest

from tests.house.units import breaches


@pytest.fixture
def app(tmp_path: Path) -> Path:
    shop = tmp_path / "app" / "shop"
    shop.mkdir(parents=True)
    (shop / "__init__.py").write_text('module = Module("shop")\nimport httpx')
    return tmp_path / "app"


def write(app: Path, name: str, text: str) -> list[str]:
    (app / "shop" / name).write_text(text)
    return breaches(app)


def test_it_works(app):
    assert write(app, "service.py", "import asyncio\nfrom drivers.contract import Outbound") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import httpx", "service.py:1: imports httpx"),
        ("\nfrom urllib import request", "service.py:2: imports urllib.request"),
        ("from drivers.gsm import Driver", "service.py:1: imports drivers.gsm"),
        ("async def f(db):\n    await asyncio.sleep(1)", "service.py:2: calls asyncio.sleep"),
    ],
)
def test_the_outside_world_in_a_service_is_named(app, text, said):
    assert [b.removeprefix("app/shop/") for b in write(app, "service.py", text)] == [said]


def test_jobs_may_wait_but_not_inside_a_unit(app):
    assert write(app, "jobs.py", "import httpx\nasync def run(w):\n    await asyncio.sleep(1)") == []
    inside = "async def run(w):\n    async with w.unit() as db:\n        await asyncio.sleep(1)"
    assert write(app, "jobs.py", inside) == ["app/shop/jobs.py:3: asyncio.sleep inside a unit of work"]
