"""A picture of the page on which no secret can be read."""

import base64
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from drivers.browser.chrome import Chrome
from drivers.browser.scripts import DRAWN, MASK, UNMASK

QUALITY = 60
WORLD = "office"


def take(chrome: Chrome, into: Path, name: str, secrets: Sequence[str]) -> str:
    """Keep it as JPEG under `into`; its path, or nothing of a page that is not drawn."""
    worlds = [_world(chrome, frame) for frame in _frames(chrome)]
    if not _drawn(chrome, worlds[0]):
        return ""
    hidden = [s for s in secrets if s]
    try:
        for world in worlds:
            _call(chrome, world, MASK, [{"value": hidden}])
        shot = chrome.command("Page.captureScreenshot", format="jpeg", quality=QUALITY)
    finally:
        for world in worlds:
            _call(chrome, world, UNMASK, [])
    into.mkdir(parents=True, exist_ok=True)
    file = into / f"{re.sub(r'[^A-Za-z0-9._-]+', '-', name)[:80]}.jpg"
    file.write_bytes(base64.b64decode(str(shot["data"])))
    return str(file)


def _drawn(chrome: Chrome, world: object) -> bool:
    """Chromium waits for ever to take a picture of a page that broke off before it had anything to show."""
    said: Any = chrome.command("Runtime.evaluate", expression=DRAWN, contextId=world, awaitPromise=True)
    return said["result"].get("value") is True


def _frames(chrome: Chrome) -> list[str]:
    """Ids of the frames that can be looked into."""
    ahead, found = [chrome.command("Page.getFrameTree")["frameTree"]], []
    while ahead:
        tree = ahead.pop()
        assert isinstance(tree, dict)
        found.append(tree["frame"]["id"])
        ahead += tree.get("childFrames", [])
    return found


def _world(chrome: Chrome, frame: str) -> object:
    """A place for scripts that the page's own cannot see or bend."""
    return chrome.command("Page.createIsolatedWorld", frameId=frame, worldName=WORLD)["executionContextId"]


def _call(chrome: Chrome, world: object, function: str, arguments: list[dict[str, object]]) -> None:
    chrome.command(
        "Runtime.callFunctionOn", functionDeclaration=function, executionContextId=world, arguments=arguments
    )
