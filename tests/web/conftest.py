"""The stage, open: the real application with one made-up module, on a socket that a browser can reach."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn

from app.frame.office import Office
from app.frame.settings import Settings
from app.main import create_app
from tests.beds.browsers import Browser
from tests.beds.cluster import free_port

WAIT_S = 6


@dataclass
class Stage:
    """The office, where it listens, and the browser that looks at it."""

    url: str
    office: Office
    browser: Browser

    def open(self, path: str) -> None:
        self.browser.get(self.url + path)
        self.until("return document.readyState === 'complete' && window.Centralita !== undefined")

    def js(self, script: str, *given: Any) -> Any:
        return self.browser.execute_script(script, *given)

    def until(self, script: str, wait_s: float = WAIT_S) -> Any:
        """Ask the page until it says something true; a failure shows the question."""
        deadline = time.monotonic() + wait_s
        while not (said := self.js(script)):
            assert time.monotonic() < deadline, f"never true: {script}"
            time.sleep(0.03)
        return said

    def asked(self) -> list[str]:
        return httpx.get(f"{self.url}/escena/pedidos").json()

    def touch(self, topic: str) -> int:
        """Nudge a topic; how many streams heard it."""
        return int(httpx.get(f"{self.url}/escena/tocar", params={"topic": topic}).text)

    def beat(self) -> int:
        return int(self.js("return document.querySelector('#beat b').textContent"))

    def toasts(self) -> str:
        return self.js("return document.querySelector('#toasts').innerText")


@pytest.fixture
def stage(settings: Settings, browser: Browser) -> Iterator[Stage]:
    port = free_port()
    app = create_app(settings, builtin=("tests.web.stage",))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + WAIT_S
    while not server.started:
        assert thread.is_alive(), "the stage did not open"
        assert time.monotonic() < deadline, "the stage did not open in time"
        time.sleep(0.02)
    yield Stage(f"http://127.0.0.1:{port}", app.state.office, browser)
    browser.get("about:blank")
    server.should_exit = True
    thread.join(WAIT_S)
