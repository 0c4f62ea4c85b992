"""A skeleton passes its own tests and the house's, in a copy of the house."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.frame import commands
from app.frame.skeletons import BadName, new_driver, new_module, newest_revision

ROOT = Path(__file__).parents[2]
FOLDERS = ("app", "drivers", "web", "migrations", "tests")
LITTER = shutil.ignore_patterns(".*")  # compiled sources come along: children need not compile the house again


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy to build in."""
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=LITTER)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(house: Path, *words: str) -> str:
    done = subprocess.run([sys.executable, "-m", *words], cwd=house, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    return done.stdout


def lint(house: Path, written: list[Path]) -> None:
    ruff = Path(sys.executable).parent / "ruff"
    code = [str(p) for p in written if p.suffix == ".py"]
    done = subprocess.run([ruff, "check", *code], cwd=house, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_it_works(house):
    said = run(house, "app", "new-driver", "pigeon")
    written = [house / line for line in said.splitlines() if line.endswith(".py")]
    assert house / "drivers" / "pigeon" / "driver.py" in written
    lint(house, written)
    run(house, "pytest", "-q", "tests/drivers/pigeon", "tests/house/test_contracts.py")
    said = run(house, "drivers.pigeon", "--help")
    assert "--host" in said


@pytest.mark.slow
def test_a_new_module_works_on_its_own_database_with_guards_and_migration(house):
    before = newest_revision(house)
    written = new_module("loyalty", house)
    assert newest_revision(house)[1] == before[1] + 1
    lint(house, [*written, house / "app" / "modules.py"])
    guards = ("tests/house/test_guards.py", "tests/test_house.py::test_it_works")
    run(house, "pytest", "-q", "tests/loyalty", *guards, "-k", "not postgresql")
    assert '"app.loyalty"' in (house / "app" / "modules.py").read_text()
    assert "| `app/loyalty` |" in (house / "README.md").read_text()


BAD = ("", "x", "Loyalty", "mi-modulo", "9lives", "../etc", "class", "json", "a" * 40, "ñandú")


@pytest.mark.parametrize("name", BAD)
def test_a_name_that_cannot_be_used_is_refused_before_anything_is_written(tmp_path, name):
    with pytest.raises(BadName):
        new_driver(name, tmp_path)
    with pytest.raises(BadName):
        new_module(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_never_written_over(tmp_path):
    new_driver("pigeon", tmp_path)
    with pytest.raises(BadName, match="there already"):
        new_driver("pigeon", tmp_path)


def test_the_command_says_where_it_must_be_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(commands.new_module, ["loyalty"])
    assert said.exit_code == 1
    assert "app/modules.py" in said.output
    assert "carpeta del código" in said.output
    assert list(tmp_path.iterdir()) == []


def test_migrations_with_two_ends_are_refused(tmp_path):
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    for name in ("a", "b"):
        (versions / f"{name}.py").write_text(f'revision = "{name}"\ndown_revision = None\n')
    with pytest.raises(BadName, match="a, b"):
        new_module("loyalty", tmp_path)
    assert not (tmp_path / "app").exists()


def test_the_first_module_of_an_empty_list_is_added_too(tmp_path):
    (tmp_path / "migrations" / "versions").mkdir(parents=True)
    (tmp_path / "migrations" / "versions" / "a.py").write_text('revision = "a"\ndown_revision = None\n')
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "modules.py").write_text("BUILTIN: tuple[str, ...] = ()\n")
    (tmp_path / "README.md").write_text("nothing\n")
    new_module("loyalty", tmp_path)
    assert (tmp_path / "app" / "modules.py").read_text() == 'BUILTIN: tuple[str, ...] = (\n    "app.loyalty",\n)\n'
