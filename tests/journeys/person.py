"""Somebody at a computer: what they open, press and read."""

import contextlib
import time
from typing import Any

from selenium.common.exceptions import JavascriptException, WebDriverException
from selenium.webdriver.common.by import By

from tests.beds.browsers import Browser

WAIT_S = 20


class Person:
    """A person with a browser in an office at `url`."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self.url = url

    def open(self, path: str) -> None:
        self.browser.get(self.url + path)
        self.until("return document.readyState === 'complete'")

    def js(self, script: str, *given: Any) -> Any:
        return self.browser.execute_script(script, *given)

    def until(self, script: str, *given: Any, wait_s: float = WAIT_S) -> Any:
        """Ask the page until it says something true; what is missing for a moment during a swap is not there yet."""
        deadline = time.monotonic() + wait_s
        said = None
        while not said:
            assert time.monotonic() < deadline, f"never true at {self.browser.current_url}: {script} {given}"
            with contextlib.suppress(JavascriptException):
                said = self.js(script, *given)
            time.sleep(0 if said else 0.05)
        return said

    def reads(self, text: str, where: str = "body") -> None:
        """Wait until it stands on the screen."""
        self.until("return document.querySelector(arguments[1]).innerText.includes(arguments[0])", text, where)

    def press(self, selector: str) -> None:
        """Click it once it is there and free; what a live refresh replaces or covers in between is tried again."""
        deadline = time.monotonic() + WAIT_S
        while not self._click(selector):
            assert time.monotonic() < deadline, f"never free at {self.browser.current_url}: {selector}"

    def _click(self, selector: str) -> bool:
        self.until(
            "const b = document.querySelector(arguments[0]); if (!b || b.disabled) return false;"
            "b.scrollIntoView({block: 'center'}); return true",
            selector,
        )
        with contextlib.suppress(WebDriverException):
            self.browser.find_element(By.CSS_SELECTOR, selector).click()
            return True
        return False

    def fill(self, **fields: str) -> None:
        """Type into fields by their names, in place of what they hold."""
        for name, text in fields.items():
            self.until("return document.getElementsByName(arguments[0]).length", name)
            box = self.browser.find_element(By.NAME, name)
            box.clear()
            box.send_keys(text)

    def log_in(self, email: str, password: str) -> None:
        self.open("/entrar")
        self.fill(name=email, password=password)
        self.press("#step button[type=submit]")
        self.until("return location.pathname !== '/entrar'")
