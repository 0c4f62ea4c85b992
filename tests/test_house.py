"""The rules of the house that a machine can hold (README, "The house")."""

import re
import subprocess
import sys
from pathlib import Path

import msgspec

from app.frame.settings import Settings
from app.frame.settings_table import SETTINGS
from app.modules import BUILTIN
from tests.house import figures, units
from tests.house.documents import README, documented_modules, settings_table
from tests.house.figures import ROOT
from tests.house.modules import needs_of

UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|raise NotImplementedError|[Ll]orem ipsum)\b")


def test_it_works():
    """The arrows: who may import whom."""
    lint = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo"], cwd=ROOT, capture_output=True, text=True
    )
    assert lint.returncode == 0, lint.stdout + lint.stderr


def test_functions_are_short():
    functions = figures.functions()
    assert len(functions) > 100, "the measure found almost nothing: is it still looking in the right place?"
    assert figures.middle(functions) <= figures.FUNCTION_MEDIAN
    assert figures.over(functions, figures.FUNCTION_MAX) == []


def test_files_are_short():
    files = figures.files()
    assert len(files) > 20
    assert figures.over(files, figures.FILE_MAX) == []


def test_templates_are_short():
    templates = figures.templates()
    assert len(templates) > 5
    assert figures.middle(templates) <= figures.TEMPLATE_MEDIAN


def test_the_web_folder_holds_no_python():
    assert [p for p in (ROOT / "web").rglob("*") if p.suffix in (".py", ".pyc", ".pyi")] == []


def test_nothing_outside_is_awaited_inside_a_unit():
    assert units.breaches(ROOT / "app") == []


def test_the_drivers_contract_leans_on_nobody():
    leaned_on = units.leans_on("drivers.contract", ROOT)
    ours = {name for name in leaned_on if name.startswith("drivers")}
    assert leaned_on
    assert {name.split(".")[0] for name in leaned_on - ours} <= {*sys.stdlib_module_names, "msgspec"}
    assert [name for name in ours if (ROOT / name.replace(".", "/")).is_dir()] == [], "the contract knows no driver"


def test_every_setting_is_in_the_readme_as_the_code_has_it():
    assert settings_table() in README.read_text(encoding="utf-8"), (
        f"put this table into the README (make house prints it with --settings):\n{settings_table()}"
    )


def test_every_setting_has_its_variable():
    assert {s.name for s in SETTINGS} == {f.name for f in msgspec.structs.fields(Settings)}
    assert {s.variable for s in SETTINGS} == {f"CENTRALITA_{s.name.upper()}" for s in SETTINGS}


def test_the_code_reads_no_other_variable():
    known = {s.variable for s in SETTINGS} | {"CENTRALITA_SECRET_FILE"}
    for path in figures.sources(ROOT, "app", "drivers"):
        said = set(re.findall(r"\bCENTRALITA_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8")))
        assert said <= known, f"{path.relative_to(ROOT)} names {said - known}, which the settings table does not have"


def test_every_module_is_in_the_readme():
    assert documented_modules() == {name.removeprefix("app.") for name in BUILTIN}


def test_every_module_is_switched_on():
    assert set(needs_of(ROOT / "app")) == {name.removeprefix("app.") for name in BUILTIN}


def test_nothing_is_left_unfinished():
    for folder, pattern in (("app", "*.py"), ("drivers", "*.py"), ("web", "*.html"), ("web/help", "*.md")):
        for path in (ROOT / folder).rglob(pattern):
            said = UNFINISHED.search(path.read_text(encoding="utf-8"))
            assert not said, f"{path.relative_to(ROOT)} says {said.group()!r}"
