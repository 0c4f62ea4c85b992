"""Starting and ending Chromium: its own profile, its own processes, no way out but the guard."""

import contextlib
import logging
import os
import re
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from selenium.common.exceptions import SessionNotCreatedException, WebDriverException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.remote_connection import ChromeRemoteConnection
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.errorhandler import ErrorCode
from selenium.webdriver.remote.file_detector import UselessFileDetector
from selenium.webdriver.remote.webdriver import WebDriver

from drivers.browser.troubles import NO_ANSWER
from drivers.contract import N_, NeedsHuman, NotReady

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DRIVER = "chromedriver"
REAPER = Path(__file__).with_name("reaper.py")
START_S = 20.0
KILL_S = 20.0  # longer than the reaper takes at its worst
COMMAND_S = 15.0  # longer than any command takes; loading a page comes on top
SAYS_PORT = re.compile(rb"started successfully on port (\d+)")
SWITCHES = (
    "--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-default-apps", "--disable-extensions", "--disable-sync", "--disable-quic",
    "--disable-breakpad", "--disable-crash-reporter", "--no-default-browser-check", "--no-first-run", "--mute-audio",
    "--dns-prefetch-disable", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--lang=es",
    "--disable-features=Translate,OptimizationHints,MediaRouter,AsyncDns,DnsOverHttps",
    "--password-store=basic", "--proxy-bypass-list=<-loopback>", "--window-size=1366,900",
)  # fmt: skip
MISSING = N_("No está instalado %(program)s.")
MISSING_STEPS = N_("Instálelo: sudo apt-get install chromium chromium-driver\nLuego pulse Reintentar.")
NOT_STARTED = N_("El navegador no arrancó.")

# At its finest level selenium writes every command down, and with it what is typed.
logging.getLogger("selenium").setLevel(logging.INFO)


def programs(browser: str = "") -> tuple[str, str]:
    """Paths of Chromium and its driver. Raises NeedsHuman."""
    names = (browser,) if browser else BROWSERS
    found = next(filter(None, map(shutil.which, names)), None)
    driver = shutil.which(DRIVER)
    if not found or not driver:
        raise NeedsHuman(MISSING, MISSING_STEPS, program=DRIVER if found else names[0])
    return found, driver


def version(browser: str) -> str:
    """`Chromium 156.0...`; raises NotReady."""
    try:
        said = subprocess.run([browser, "--version"], capture_output=True, text=True, timeout=START_S, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise NotReady(NOT_STARTED) from error
    return " ".join(said.stdout.split()[:2])


class DiedAtStart(NotReady):
    """It ended by itself before it did anything; a busy machine does that to it now and then."""


class DriverEnded(OSError):
    """Before it said on which port it listens."""


class Strict(ChromeRemoteConnection):
    """Takes nothing for an answer but JSON: to selenium half an answer is an empty one."""

    def execute(self, command: str, params: dict[str, Any]) -> Any:
        answer = super().execute(command, params)
        if answer.get("status") == ErrorCode.SUCCESS:  # its own mark of text that is no JSON; W3C has no such field
            raise WebDriverException("no JSON")
        return answer


class Chrome:
    """One browser. `let_go` may be called from any thread at any moment."""

    web: WebDriver

    def __init__(self, browser: str, driver: str, proxy_port: int, page_s: float) -> None:
        self.browser, self.proxy_port, self.page_s = browser, proxy_port, page_s
        self._executor: Strict | None = None
        self.folder = Path(tempfile.mkdtemp(prefix="centralita-browser-"))
        self.downloads = self.folder / "downloads"
        self.downloads.mkdir()
        try:
            self._reaper = _reaped(self.folder, driver)
        except OSError as error:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise NotReady(NOT_STARTED) from error

    def start(self, cookies: list[dict[str, object]]) -> None:
        """Raises DiedAtStart, NotReady. Whoever made it kills it."""
        with _starting():
            self.web = self._session()
            self._set_up()
            if cookies:
                self.command("Storage.setCookies", cookies=cookies)

    def _session(self) -> WebDriver:
        port = _port(self._reaper)
        address = f"http://127.0.0.1:{port}"
        client = ClientConfig(
            remote_server_addr=address, timeout=int(COMMAND_S + self.page_s), keep_alive=True,
            # Asked once: what may have been done is not asked again, and a silent browser costs one wait, not four.
            init_args_for_pool_manager={"init_args_for_pool_manager": {"retries": False}},
        )  # fmt: skip
        executor = self._executor = Strict(remote_server_addr=address, ignore_proxy=True, client_config=client)
        options = _options(self.browser, self.folder / "profile", self.proxy_port)
        # What is typed is text, also when a file happens to be called so.
        return WebDriver(command_executor=executor, options=options, file_detector=UselessFileDetector())

    def _set_up(self) -> None:
        self.command("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(self.downloads))
        self.web.set_script_timeout(self.page_s)
        self.web.set_page_load_timeout(self.page_s)

    def command(self, name: str, **parameters: object) -> dict[str, object]:
        """One command of the DevTools protocol."""
        answer = self.web.execute("executeCdpCommand", {"cmd": name, "params": parameters})
        value = answer["value"]
        assert isinstance(value, dict)
        return value

    def let_go(self) -> None:
        """The reaper kills it now; this does not wait."""
        assert self._reaper.stdin
        with contextlib.suppress(OSError):
            self._reaper.stdin.close()

    def kill(self) -> None:
        """With all that came of it; waits until nothing is left."""
        assert self._reaper.stdout
        self.let_go()
        try:
            self._reaper.wait(KILL_S)
        except subprocess.TimeoutExpired:
            self._reaper.kill()
            self._reaper.wait()
        self._reaper.stdout.close()
        if self._executor:
            self._executor.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def pid(self) -> int:
        """Of the process from which all others come."""
        return self._reaper.pid


@contextlib.contextmanager
def _starting() -> Iterator[None]:
    try:
        yield
    except (DriverEnded, SessionNotCreatedException) as error:
        raise DiedAtStart(NOT_STARTED) from error
    except NO_ANSWER as error:
        raise NotReady(NOT_STARTED) from error


def _reaped(folder: Path, driver: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-I", "-S", str(REAPER), str(folder), driver, "--port=0", "--log-level=SEVERE"]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment(folder)
    )


def _environment(folder: Path) -> dict[str, str]:
    """Without the office's own variables: its secrets are none of the browser's business."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "DISPLAY")}
    return kept | {"HOME": str(folder), "TMPDIR": str(folder)}


def _port(reaper: "subprocess.Popen[bytes]") -> int:
    """Which port the driver chose, from what it says at its start. Raises DriverEnded, OSError."""
    assert reaper.stdout
    said, ends = b"", time.monotonic() + START_S
    with selectors.DefaultSelector() as ready:
        ready.register(reaper.stdout, selectors.EVENT_READ)
        while not (found := SAYS_PORT.search(said)):
            if not ready.select(max(0.0, ends - time.monotonic())):
                raise OSError("the driver did not start in time")
            piece = os.read(reaper.stdout.fileno(), 4096)
            if not piece:
                raise DriverEnded
            said += piece
    return int(found[1])


def _options(browser: str, profile: Path, proxy_port: int) -> Options:
    options = Options()
    options.binary_location = browser
    options.unhandled_prompt_behavior = "ignore"
    options.page_load_strategy = "normal"
    for switch in (*SWITCHES, f"--user-data-dir={profile}", f"--proxy-server=http://127.0.0.1:{proxy_port}"):
        options.add_argument(switch)
    if os.geteuid() == 0:  # Chromium refuses its sandbox to root; run the office as somebody else
        options.add_argument("--no-sandbox")
    options.add_experimental_option("prefs", {
        "credentials_enable_service": False, "profile.password_manager_enabled": False,
        "intl.accept_languages": "es,en", "download.prompt_for_download": False,
    })  # fmt: skip
    return options
