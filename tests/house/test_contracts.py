"""The import contracts, on a small house made to break each of them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.figures import ROOT

HOUSE = {
    "app/frame/db.py": "import litestar",
    "app/people/__init__.py": 'from app.people import pages\nmodule = Module("people", needs=())',
    "app/people/service.py": "from app.frame import db\nfrom drivers import contract",
    "app/people/pages.py": "import litestar",
    "app/shop/__init__.py": 'module = Module("shop", needs=("people",))',
    "app/shop/service.py": "from app.people import service",
    "app/shop/pages/table.py": "import litestar\nfrom app.people import models",
    "app/people/models.py": "",
    "drivers/contract.py": "import msgspec",
    "drivers/gsm/__init__.py": "from drivers import contract",
}


class House:
    """A folder with our contracts and somebody else's mistakes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copy(ROOT / "pyproject.toml", folder)
        shutil.copytree(ROOT / "tests" / "house", folder / "tests" / "house")
        for name, text in HOUSE.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for package in path.relative_to(self.folder).parents[:-1]:
            (self.folder / package / "__init__.py").touch()
        path.write_text(text)

    def verdict(self) -> str:
        lint = Path(sys.executable).parent / "lint-imports"
        words = [lint, "--no-logo", "--no-cache"]
        run = subprocess.run(words, cwd=self.folder, capture_output=True, text=True, env={"COLUMNS": "400"})
        return f"{run.returncode}\n{run.stdout}{run.stderr}"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_it_works(house):
    assert house.verdict().startswith("0\n")


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("drivers/gsm/modem.py", "import app.frame.db", "drivers.gsm.modem -> app.frame.db"),
        ("drivers/gsm/modem.py", "import sqlalchemy.orm", "drivers.gsm.modem -> sqlalchemy"),
        ("app/shop/sending.py", "from drivers.gsm import modem", "app.shop.sending -> drivers.gsm"),
        ("app/frame/bus.py", "from app.people import service", "app.frame.bus imports app.people.service"),
        ("app/people/sales.py", "from app.shop import service", "people does not list 'shop' in needs"),
        ("app/shop/till.py", "from app.people import pages", "the pages of another module are its own"),
        ("app/shop/till.py", "from litestar import Request", "app.shop.till imports litestar"),
        ("app/shop/till.py", "from litestar_htmx import HTMXTemplate", "app.shop.till imports litestar_htmx"),
        ("app/people/service.py", "from app.people.pages import x", "app.people.service imports app.people.pages"),
    ],
)
def test_a_wrong_arrow_is_named(house, file, text, said):
    house.write(file, text)
    verdict = house.verdict()
    assert verdict.startswith("1\n")
    assert said in verdict
