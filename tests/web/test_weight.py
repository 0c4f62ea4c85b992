"""The first load stays light: old laptops, and phones on the office's Wi-Fi."""

import gzip
import re

from tests.web.files import STATIC, TEMPLATES

BUDGET_KB = 60


def _first_load() -> list[str]:
    head = (TEMPLATES / "shell" / "_head.html").read_text(encoding="utf-8")
    return [*re.findall(r'"([\w./-]+\.(?:css|js))"', head), "live-worker.js"]


def test_it_works() -> None:
    assert {"app.css", "app.js", "vendor/htmx.min.js"} <= set(_first_load())


def test_the_first_load_fits_the_budget() -> None:
    size = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in set(_first_load()))
    assert size <= BUDGET_KB * 1000


def test_every_script_and_sheet_is_loaded_by_the_shell_or_by_a_page_of_its_own() -> None:
    there = {p.name for p in STATIC.iterdir() if p.suffix in (".css", ".js")}
    pages = "".join(p.read_text(encoding="utf-8") for p in TEMPLATES.rglob("*.html"))
    assert there <= set(_first_load()) | set(re.findall(r'static\("([\w./-]+)"\)', pages))
