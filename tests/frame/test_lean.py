"""What the web process loads, and what it leaves out."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
OFFICE = """
import sys
from pathlib import Path
from app.__main__ import build
build()
from app.main import create_app
from app.frame.settings import Settings
create_app(Settings(data=Path("nowhere"), secret="of the tests alone" * 3))
heavy = {"numpy", "polars", "alembic", "mako", "pygments", "rich", "pydantic"}
print(*sorted(heavy & set(sys.modules)))
"""
LATER = "from app.frame import lean; lean.load(); import numpy; print(numpy.zeros(2).sum())"


def said_by_a_new_interpreter(code: str) -> str:
    words = [sys.executable, "-c", code]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout.strip()


def test_it_works():
    """Each of these would be some megabytes in a process that lives for months."""
    assert said_by_a_new_interpreter(OFFICE) == ""


def test_what_was_left_out_can_still_be_loaded():
    assert said_by_a_new_interpreter(LATER) == "0.0"
