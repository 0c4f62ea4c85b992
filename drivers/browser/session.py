"""One run in one browser on one thread, which can be ended from outside at any moment."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from msgspec import json

from drivers.browser.chrome import Chrome, DiedAtStart
from drivers.browser.chrome_page import ChromePage
from drivers.browser.ground import Job
from drivers.browser.interpreter import Interpreter
from drivers.browser.outcome import Result, Stopped
from drivers.browser.page import Broken, Missing
from drivers.browser.troubles import told

T = TypeVar("T")
ENDING_S = 0.95
COOKIE = ("name", "value", "domain", "path", "secure", "httpOnly", "sameSite", "expires", "priority")


class Session:
    """`work` runs on the thread; `end` may be called from any other. Without `into` files go with the browser."""

    def __init__(
        self, job: Job, make: Callable[[], Chrome], into: Path | None, blocked: Callable[[str], bool]
    ) -> None:
        self.stop = threading.Event()
        self.job = replace(job, stopped=self.stop.is_set)
        self.make, self.into, self.blocked = make, into, blocked
        self.chrome: Chrome | None = None
        self.interpreter: Interpreter | None = None
        self.cookies: bytes | None = None

    def work(self, cookies: bytes | None) -> Result:
        """Raises RunFailed, PersonNeeded, NotReady, Stopped. Cookies are kept whatever the end."""
        return once_more(lambda: self._in_a_browser(cookies))

    def _in_a_browser(self, cookies: bytes | None) -> Result:
        self.chrome = self.make()
        try:
            if self.stop.is_set():
                raise Stopped
            self.chrome.start(json.decode(cookies) if cookies else [])
            into = self.into or self.chrome.folder / "run"
            self.interpreter = Interpreter(ChromePage(self.chrome, into, self.stop, self.blocked), self.job)
            try:
                return self.interpreter.run()
            finally:
                self._keep()
        finally:
            self.chrome.kill()

    def end(self) -> None:
        """Quick: the browser dies, and the thread with it."""
        self.stop.set()
        if self.chrome:
            self.chrome.let_go()

    @property
    def wrote(self) -> bool:
        """Whether the run may have changed something at the site by now."""
        return self.interpreter is not None and self.interpreter.wrote

    def _keep(self) -> None:
        """What the site gave us to be known by, of allowed hosts alone."""
        if self.chrome is None or self.stop.is_set():
            return
        try:
            with told(self.stop.is_set):
                found: Any = self.chrome.command("Storage.getCookies")["cookies"]
                mine = [c for c in found if self.job.rules.cookie(c["domain"])]
                self.cookies = json.encode([{k: c[k] for k in COOKIE if k in c and c[k] != -1} for c in mine])
        except (Broken, Missing, Stopped):  # the browser is gone, and they with it: the next run logs in
            return


def once_more(work: Callable[[], T]) -> T:
    """A browser that died at its start is begun anew, once: nothing was done yet."""
    try:
        return work()
    except DiedAtStart:
        return work()


async def apart(work: Callable[[], T], end: Callable[[], None]) -> T:
    """The work on a thread of its own. Cancelled, it calls `end` and waits for the thread, for less than a second."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def body() -> None:
        try:
            found = work()
        except BaseException as error:
            loop.call_soon_threadsafe(_fail, done, error)
        else:
            loop.call_soon_threadsafe(_settle, done, found)

    thread = threading.Thread(target=body, name="browser", daemon=True)
    thread.start()
    try:
        return await asyncio.shield(done)
    except asyncio.CancelledError:
        end()
        await asyncio.wait({done}, timeout=ENDING_S)
        if done.done():
            done.exception()  # heard; the cancellation is what counts
        raise
    finally:
        if done.done():
            thread.join(ENDING_S)


def _settle(done: "asyncio.Future[T]", found: T) -> None:
    if not done.done():
        done.set_result(found)


def _fail(done: "asyncio.Future[T]", error: BaseException) -> None:
    if not done.done():
        done.set_exception(error)
