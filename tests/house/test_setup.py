"""The two commands and the image: what they call is there, and what they install is pinned."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.house.figures import ROOT

LOCKS = sorted(ROOT.glob("requirements*.lock"))
SCRIPTS = sorted((ROOT / "scripts").iterdir())
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", re.MULTILINE)


def canonical(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()


def dockerfile() -> str:
    return (ROOT / "Dockerfile").read_text().replace("\\\n", " ")


def steps(word: str) -> list[str]:
    return re.findall(rf"^{word} (.+)$", dockerfile(), re.MULTILINE)


def test_it_works():
    """make's own list names every target that has a recipe."""
    makefile = (ROOT / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split()
    listed = subprocess.run(["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True)
    assert set(re.findall(r"make (\w+)", listed.stdout)) == set(targets)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: p.name)
def test_scripts_are_posix_shell_and_can_be_run(script):
    assert os.access(script, os.X_OK)
    assert script.read_text().startswith("#!/bin/sh\n# ")
    subprocess.run(["sh", "-n", script], check=True)


def test_what_make_calls_is_there():
    called = set(re.findall(r"\bscripts/([\w-]+)", (ROOT / "Makefile").read_text()))
    assert called
    assert called <= {p.name for p in SCRIPTS}


def test_the_image_runs_scripts_that_exist_and_were_copied_before():
    for_image = steps("RUN") + [re.sub(r'[\[\]",]', "", c) for c in steps("HEALTHCHECK .*CMD")]
    called = {name for step in for_image for name in re.findall(r"scripts/([\w-]+)", step)}
    assert called == {"system-packages", "setup", "healthy"}
    text = dockerfile()
    assert text.index("COPY scripts/system-packages") < text.index("RUN CI=true scripts/system-packages")
    assert text.index("COPY scripts/setup") < text.index("RUN scripts/setup")


def test_what_the_image_copies_is_there():
    copied = [word for step in steps("COPY") for word in step.split()[:-1]]
    assert copied
    assert [word for word in copied if not (ROOT / word).exists()] == []


def test_the_image_is_not_root_and_keeps_its_data_in_a_volume():
    order = [line.split()[0] for line in dockerfile().splitlines() if line and not line.startswith(("#", " "))]
    assert order.index("USER") < order.index("CMD")
    assert steps("USER") == ["centralita"]
    assert steps("VOLUME") == ["/data"]
    assert "CENTRALITA_DATA=/data" in dockerfile()
    assert "--groups dialout" in dockerfile()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda p: p.name)
def test_locks_pin_everything_by_hash_and_say_nothing_of_where_from(lock):
    text = lock.read_text()
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert len(blocks) > 40
    assert [b.split()[0] for b in blocks if "==" not in b.split()[0] or "--hash=sha256:" not in b] == []
    assert re.findall(r"://|--index|--find-links|@ file|\s/\w", text) == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda p: p.name)
def test_locks_have_every_dependency_of_the_project(lock):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {canonical(d) for d in project["dependencies"]}
    if lock.name != "requirements.lock":
        wanted |= {canonical(d) for d in project["optional-dependencies"]["dev"]}
    assert wanted - {name for name, _ in PIN.findall(lock.read_text())} == set()


def test_the_locks_agree_with_each_other():
    run, dev = (dict(PIN.findall((ROOT / f"requirements{kind}.lock").read_text())) for kind in ("", "-dev"))
    assert {name: dev.get(name) for name in run} == run


def test_the_integration_machine_runs_what_a_person_would():
    commands = (ROOT / ".ci" / "run").read_text().splitlines()
    assert "make test" in commands


def setup(folder: Path, path: str) -> subprocess.CompletedProcess[str]:
    """scripts/setup in a folder of its own, with nothing on PATH but what is named."""
    return subprocess.run(
        ["/bin/sh", folder / "scripts" / "setup"], env={"PATH": path}, capture_output=True, text=True, check=False
    )


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A checkout on a machine that has a shell and little more."""
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "setup").write_text((ROOT / "scripts" / "setup").read_text())
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).write_text((ROOT / name).read_text())
    (tmp_path / "bin").mkdir()
    for program in ("cat", "cksum", "dirname", "rm"):
        (tmp_path / "bin" / program).symlink_to(f"/usr/bin/{program}")
    return tmp_path


def program(bare: Path, name: str, text: str) -> None:
    path = bare / "bin" / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_a_machine_without_python_is_told_what_to_install(bare):
    run = setup(bare, f"{bare / 'bin'}")
    assert run.returncode == 1
    assert "sudo apt-get install python3 python3-venv" in run.stderr


def test_a_machine_whose_python_makes_no_environments_is_told_the_package(bare):
    program(bare, "id", "echo 1000")
    program(bare, "python3", 'case "$2" in *ensurepip*) exit 1;; *print*) echo python3.12-venv;; esac')
    run = setup(bare, f"{bare / 'bin'}")
    assert run.returncode == 1
    assert "sudo apt-get install python3.12-venv" in run.stderr


PRETENDED_PYTHON = """case "$*" in
*"-m venv"*) mkdir -p .venv/bin; ln -s "$0" .venv/bin/python ;;
*"-m pip"*) echo "pip $*" >>"$LOG" ;;
esac
exit 0"""
PRETENDED_UV = 'mkdir -p .venv; echo "uv $*" >>"$LOG"'


def made_with(bare: Path) -> list[str]:
    """What making the environment called, with programs that only write down how they were called."""
    log = bare / "log"
    for name in ("mkdir", "ln", "env"):
        (bare / "bin" / name).symlink_to(f"/usr/bin/{name}")
    run = subprocess.run(
        ["/bin/sh", bare / "scripts" / "setup"], env={"PATH": f"{bare / 'bin'}", "LOG": str(log)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return log.read_text().splitlines()


def test_uv_is_used_where_it_is(bare):
    program(bare, "python3", PRETENDED_PYTHON)
    program(bare, "uv", PRETENDED_UV)
    calls = made_with(bare)
    assert any(call.startswith("uv pip install") and "--require-hashes -r requirements.lock" in call for call in calls)
    assert not any(call.startswith("pip ") for call in calls)


def test_pip_with_the_same_lock_elsewhere(bare):
    program(bare, "python3", PRETENDED_PYTHON)
    calls = made_with(bare)
    assert any(call.startswith("pip ") and "--require-hashes -r requirements.lock" in call for call in calls)


def test_who_may_not_install_is_told_exactly_what_to(tmp_path):
    (tmp_path / "id").write_text("#!/bin/sh\necho 1000\n")
    (tmp_path / "id").chmod(0o755)
    script, packages = ROOT / "scripts" / "system-packages", "chromium chromium-driver"
    run = subprocess.run(
        ["/bin/sh", script, "chromium"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0
    assert f"sudo apt-get install {packages}" in run.stderr
    strict = subprocess.run(
        ["/bin/sh", script, "chromium"], env={"PATH": str(tmp_path), "CI": "true"}, capture_output=True, check=False
    )
    assert strict.returncode == 1, "where every test must run, a missing package is a failure"
