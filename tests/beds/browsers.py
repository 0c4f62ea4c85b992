"""Real browsers, without a screen and without a way out of this machine.

Starting one takes a second or two of both cores: who is done with a browser hands it on, emptied of all that was his.
"""

import contextlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

ROOT = Path(__file__).parents[2]
FAILURES = ROOT / "tests" / "failures"
AXE = ROOT / "tests" / "vendor" / "axe-core" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome")
PAGE_S = 20
SWITCHES = (
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-quic",
    "--disable-sync",
    "--force-prefers-reduced-motion",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--lang=es-CR",
    "--no-default-browser-check",
    "--no-first-run",
    "--window-size=1366,850",
)
REPORTS = pytest.StashKey[dict[str, pytest.TestReport]]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Any:
    """Remember how each phase went, so that a browser's bed knows whether to keep a picture."""
    report = yield
    item.stash.setdefault(REPORTS, {})[report.when] = report
    return report


class Browser(Chrome):
    """Chromium with a profile of its own; `downloads` is where its files land."""

    downloads: Path

    def __init__(self, options: ChromeOptions, service: Service) -> None:
        super().__init__(options, service)
        self.origins: set[str] = set()

    def get(self, url: str) -> None:
        self.origins.add("{0.scheme}://{0.netloc}".format(urlsplit(url)))
        super().get(url)

    def dark(self, on: bool = True) -> None:
        self._prefers("prefers-color-scheme", "dark" if on else "light")

    def phone(self) -> None:
        """The size of a small telephone, with a finger for a pointer."""
        metrics = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
        self.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def wait(self, condition: Callable[["Browser"], Any], seconds: float = PAGE_S) -> Any:
        """Ask until it is true. A live page may replace what is being read or pressed: then it is asked again."""
        return WebDriverWait(self, seconds, ignored_exceptions=[WebDriverException]).until(condition)  # type: ignore[arg-type]

    def press(self, selector: str, by: str = By.CSS_SELECTOR) -> None:
        """Click it once it is there and free."""
        self.wait(lambda _: self.find_element(by, selector).click() or True)

    def complaints(self) -> list[str]:
        """What the page said to the console as an error: broken scripts, policies, missing files."""
        return [e["message"] for e in self.get_log("browser") if e["level"] == "SEVERE"]

    def empty(self) -> None:
        """As though it had just been started: one blank page; nothing stored, emulated or said by whoever had it."""
        old = self.window_handles
        self.switch_to.new_window("tab")
        new = self.current_window_handle
        for handle in old:
            self.switch_to.window(handle)
            self.close()
        self.switch_to.window(new)
        self.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.execute_cdp_cmd("Network.clearBrowserCache", {})
        for origin in self.origins:
            self.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        self.origins.clear()
        self.get_log("browser")

    def lands(self, downloads: Path) -> None:
        """Files go there from now on."""
        downloads.mkdir(parents=True)
        self.downloads = downloads
        self.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(downloads)})

    def _prefers(self, feature: str, value: str) -> None:
        self.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": feature, "value": value}]})


@pytest.fixture(scope="session")
def idle_browsers() -> Iterator[list[Browser]]:
    """Those that nobody has at the moment."""
    browsers: list[Browser] = []
    yield browsers
    for browser in browsers:
        browser.quit()


@pytest.fixture
def open_browser(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, idle_browsers: list[Browser],
    request: pytest.FixtureRequest,
) -> Iterator[Callable[[], Browser]]:  # fmt: skip
    """Open one more browser; each has its own cookies, as another person's computer would."""
    opened: list[Browser] = []

    def start() -> Browser:
        browser = idle_browsers.pop() if idle_browsers else _start(tmp_path_factory.mktemp("browser"))
        opened.append(browser)
        browser.lands(tmp_path / f"browser-{len(opened)}" / "downloads")
        return browser

    yield start
    failed = any(report.failed for report in request.node.stash.get(REPORTS, {}).values())
    for number, browser in enumerate(opened, 1):
        if failed:
            with contextlib.suppress(Exception):
                _keep(browser, f"{request.node.nodeid}-{number}")
            browser.quit()
        else:
            browser.empty()
            idle_browsers.append(browser)


@pytest.fixture
def browser(open_browser: Callable[[], Browser]) -> Browser:
    """One person's browser."""
    return open_browser()


@pytest.fixture
def second_browser(open_browser: Callable[[], Browser]) -> Browser:
    """A colleague's browser, on another computer."""
    return open_browser()


@pytest.fixture(scope="session")
def axe() -> Callable[[Browser], list[str]]:
    """`assert axe(browser) == []`: the serious accessibility problems of the page as it stands, one sentence each."""
    source = AXE.read_text(encoding="utf-8")

    def look(browser: Browser) -> list[str]:
        browser.execute_script(source)
        found = browser.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations), e => done([{impact:"
            " 'critical', id: 'axe', help: String(e), nodes: []}]));"
        )
        return [_sentence(v) for v in found if v["impact"] in ("serious", "critical")]

    return look


def _start(folder: Path) -> Browser:
    binary, driver = next(filter(None, map(shutil.which, NAMES)), None), shutil.which("chromedriver")
    if not binary or not driver:
        pytest.skip("Chromium or its driver is not installed here (sudo apt-get install chromium chromium-driver)")
    browser = Browser(_options(binary, folder), Service(driver))
    browser.set_page_load_timeout(PAGE_S)
    browser.set_script_timeout(PAGE_S)
    return browser


def _options(binary: str, folder: Path) -> ChromeOptions:
    options = ChromeOptions()
    options.binary_location = binary
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.add_experimental_option("prefs", {"intl.accept_languages": "es-CR,es"})
    for switch in (*SWITCHES, f"--user-data-dir={folder / 'profile'}"):
        options.add_argument(switch)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")
    return options


def _keep(browser: Browser, name: str) -> None:
    """A picture, the page and its complaints, under tests/failures."""
    FAILURES.mkdir(exist_ok=True)
    base = FAILURES / re.sub(r"[^\w.-]+", "-", name)
    browser.save_screenshot(f"{base}.png")
    complaints = "\n".join(browser.complaints())
    Path(f"{base}.html").write_text(f"{browser.page_source}\n<!-- {browser.current_url}\n{complaints}\n-->", "utf-8")


def _sentence(violation: dict[str, Any]) -> str:
    where = "; ".join(" ".join(map(str, node["target"])) for node in violation["nodes"][:4])
    return f"{violation['id']} ({violation['impact']}): {violation['help']}: {where}"
