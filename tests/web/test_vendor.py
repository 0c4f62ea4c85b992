"""What we serve of others is exactly what the table in vendor/README.md says."""

import hashlib
import re

from tests.web.files import STATIC

VENDOR = STATIC / "vendor"
ROW = re.compile(r"^\| (\S+) \| (\S+) \| (\S+) \| (\S+) \| ([0-9a-f]{64}) \|$", re.M)
SETTINGS = ("includeIndicatorCSS", "noSwap", "hx-status:", "hx-history-elt", ":inherited")
EVENTS = re.compile(r'"(htmx:[\w:]+)"')


def _table() -> dict[str, tuple[str, str, str, str]]:
    return {m[0]: m[1:] for m in ROW.findall((VENDOR / "README.md").read_text(encoding="utf-8"))}


def test_it_works() -> None:
    assert _table()["htmx.min.js"][:2] == ("htmx.org", "4.0.1")


def test_every_file_is_in_the_table_and_every_row_has_its_file() -> None:
    assert {p.name for p in VENDOR.iterdir()} - {"README.md"} == set(_table())


def test_the_bytes_are_the_ones_of_the_package() -> None:
    measured = {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in _table()}
    assert measured == {name: row[3] for name, row in _table().items()}


def test_htmx_says_its_version_and_fires_the_events_we_listen_to() -> None:
    """Names of events and settings changed between htmx 2 and 4: ours must exist in the file that we serve."""
    source = (VENDOR / "htmx.min.js").read_text(encoding="utf-8")
    asked = {e for p in STATIC.glob("*.js") for e in EVENTS.findall(p.read_text(encoding="utf-8"))}
    assert "4.0.1" in source
    assert {event for event in asked if event not in source} == set()
    assert [name for name in SETTINGS if name not in source] == []
