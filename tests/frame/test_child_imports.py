"""The child imports the part of a module that it needs, not the module's whole face."""

import subprocess
import sys
from pathlib import Path

import pytest

PARTS = {
    "__init__.py": "import decimal\nfrom app.sample.parts import one\nmodule = ('value', one.NUMBER)\n",
    "parts/__init__.py": "",
    "parts/one.py": "NUMBER = 7\n",
}
START = "import sys; sys.modules.pop('decimal', None)\nimport app; app.__path__.append({folder!r})\n"
INSTALL = "from app.frame import child_imports; child_imports.install()\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in PARTS.items():
        path = tmp_path / "sample" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path


def said(folder: Path, code: str) -> str:
    """What a fresh process prints."""
    whole = START.format(folder=str(folder)) + INSTALL + code
    ended = subprocess.run([sys.executable, "-c", whole], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def test_it_works(folder: Path) -> None:
    code = "from app.sample.parts.one import NUMBER; print(NUMBER, 'module' in vars(sys.modules['app.sample']))"
    assert said(folder, code) == "7 False"


def test_what_the_package_says_is_there_when_somebody_asks(folder: Path) -> None:
    assert said(folder, "import app.sample; print(app.sample.module)") == "('value', 7)"
    both = said(folder, "from app.sample import module, parts; print(module, parts.__name__)")
    assert both == "('value', 7) app.sample.parts"


def test_a_file_of_the_package_is_taken_without_the_package(folder: Path) -> None:
    code = "from app.sample import parts; print(parts.__name__, 'module' in vars(sys.modules['app.sample']))"
    assert said(folder, code) == "app.sample.parts False"


def test_a_missing_name_is_an_ordinary_error(folder: Path) -> None:
    code = "import app.sample\ntry:\n app.sample.nothing\nexcept AttributeError as error: print(error)"
    assert said(folder, code) == "module 'app.sample' has no attribute 'nothing'"


def test_reading_rows_brings_no_web_framework(folder: Path) -> None:
    code = "import app.contacts.imports.rows; print([m for m in ('litestar', 'jinja2') if m in sys.modules])"
    assert said(folder, code) == "[]"


def test_every_module_is_whole_for_whoever_needs_it(folder: Path) -> None:
    code = "from app.frame.module import Module; import app.contacts; print(isinstance(app.contacts.module, Module))"
    assert said(folder, code) == "True"
