"""No secret can be read in a picture, wherever the page puts it."""

import base64
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.browser.chrome import Chrome, programs
from drivers.browser.chrome_page import ChromePage
from drivers.browser.guard import guarding
from drivers.browser.rules import Rules
from drivers.browser.session import apart, once_more
from drivers.contract import NeedsHuman

SECRET = "clave-muy-secreta"
PAGE = f"""<!doctype html><meta charset=utf-8><body>
<p>Su clave es <b class=s>{SECRET}</b>.</p><input class=s value="{SECRET}"><input class=s type=password value=x>
<textarea class=s>{SECRET}</textarea><div id=host></div><iframe id=marco></iframe><dialog id=d><p class=s>{SECRET}</p>
</dialog><script>
host.attachShadow({{mode: 'open'}}).innerHTML = '<p class=s>{SECRET}</p>';
marco.srcdoc = '<p class=s>{SECRET}</p>';
d.showModal();
String.prototype.includes = () => false;
</script>"""
# Each secret place, and whether something black lies over all of it.
COVERED = """
const roots = [document, document.getElementById('host').shadowRoot, document.getElementById('marco').contentDocument];
return roots.flatMap(root => [...root.querySelectorAll('.s')].map(e => {
  const range = e.ownerDocument.createRange();
  range.selectNodeContents(e);
  const own = e.matches('input, textarea') ? e.getBoundingClientRect() : range.getBoundingClientRect();
  return [...e.ownerDocument.querySelectorAll('#office-cover div')].map(c => c.getBoundingClientRect()).some(c =>
    c.left <= own.left && c.top <= own.top && c.right >= own.right && c.bottom >= own.bottom);
}));
"""


class Watched(Chrome):
    """Looks at the page at the moment its picture is taken."""

    covered: list[bool]

    def command(self, name: str, **parameters: object) -> dict[str, object]:
        if name == "Page.captureScreenshot":
            self.covered = self.web.execute_script(COVERED)
        return super().command(name, **parameters)


@pytest.fixture
def where() -> Iterator[tuple[str, str]]:
    try:
        yield programs()
    except NeedsHuman:
        pytest.skip("Chromium or its driver is not installed here (sudo apt-get install chromium chromium-driver)")


@pytest.mark.browser
@pytest.mark.slow
async def test_it_works(where: tuple[str, str], tmp_path: Path) -> None:
    """In text, fields, shadow roots, frames and dialogs, though the page bends the language itself."""
    chrome: Watched | None = None

    def work() -> tuple[list[bool], str, Any]:
        nonlocal chrome
        chrome = Watched(*where, guard.port, 20)
        try:
            chrome.start([])
            chrome.web.get("data:text/html;base64," + base64.b64encode(PAGE.encode()).decode())
            page = ChromePage(chrome, tmp_path, threading.Event(), lambda _place: False)
            file = page.picture("001/../x", [SECRET])
            return chrome.covered, file, chrome.web.execute_script("return document.querySelector('#office-cover')")
        finally:
            chrome.kill()

    async with guarding(Rules([])) as guard:
        covered, file, left = await apart(lambda: once_more(work), lambda: chrome.let_go() if chrome else None)
    assert covered == [True] * 7
    assert Path(file).parent == tmp_path
    assert Path(file).read_bytes()[:3] == b"\xff\xd8\xff", "a JPEG"
    assert left is None, "the page is as it was"
