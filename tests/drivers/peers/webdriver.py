"""A chromedriver that is none: it starts within milliseconds, has a "browser" of its own, and breaks where it is told.

`python -I -S webdriver.py HOME --port=0 ...`. HOME/plans holds one empty file for each start, named `NN.WHERE.HOW`; the
first that is there is taken. HOME/log gets a line `PLAN RUN WHAT` for each thing that was done; RUN is the path of the
page that was opened. HOME/scripts.json knows the driver's own scripts.

WHERE is `boot` or what `_named` calls a command; HOW says what becomes of it there, once.

It stands alone and imports what is built in only (the C half of json and socket): four hundred of it are started.
"""

from __future__ import annotations

import _json
import _socket
import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

KILL = 9
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
SLOW_S, LONG_S = 0.03, 60.0
THERE = ("html", "#campo", "#enviar", "#titulo")
SESSION = "0" * 32
CDP: dict[str, Any] = {
    "Browser.setDownloadBehavior": {},
    "Storage.setCookies": {},
    "Storage.getCookies": {"cookies": [{"name": "s", "value": "1", "domain": "crm.example", "path": "/"}]},
    "Page.getFrameTree": {"frameTree": {"frame": {"id": "F1"}}},
    "Page.createIsolatedWorld": {"executionContextId": 1},
    "Runtime.evaluate": {"result": {"value": True}},
    "Runtime.callFunctionOn": {"result": {}},
    "Page.captureScreenshot": {"data": "/9j/"},
}
PLAIN = {
    ("POST", "session"): "session", ("POST", "timeouts"): "timeouts", ("POST", "url"): "open", ("GET", "url"): "url",
    ("POST", "click"): "click", ("POST", "clear"): "clear", ("POST", "value"): "type", ("GET", "alert/text"): "box",
}  # fmt: skip


class Refused(Exception):
    """An answer that is an error: its status and W3C name."""


class Away(Exception):
    """The connection is to end without (more of) an answer."""


class Fake:
    """One start. `plan`: where it breaks, and how."""

    def __init__(self, home: str) -> None:
        self.home, self.run, self.url, self.sent = home, "-", "", False
        self.browser = 0
        self.name = self._taken()
        _, self.where, self.how = self.name.split(".")
        with open(f"{home}/scripts.json", encoding="utf-8") as file:
            self.scripts = loads(file.read())

    def _taken(self) -> str:
        """The first plan that no other start has taken: unlinking works for one of us."""
        for name in sorted(os.listdir(f"{self.home}/plans")):
            try:
                os.unlink(f"{self.home}/plans/{name}")
            except FileNotFoundError:
                continue
            return name
        return "00.none.none"

    def log(self, what: str) -> None:
        with open(f"{self.home}/log", "a", encoding="utf-8") as file:
            file.write(f"{self.name} {self.run} {what}\n")

    def main(self) -> None:
        how = self.how if self.where == "boot" else ""
        listening = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
        listening.bind(("127.0.0.1", 0))
        listening.listen(8)
        self._before(how)
        print(f"ChromeDriver was started successfully on port {listening.getsockname()[1]}.", flush=True)
        if how == "gone":
            os._exit(1)
        if how == "deaf":
            time.sleep(LONG_S)
        while True:
            connection = _socket.socket(fileno=listening._accept()[0])
            self._talk(connection)
            connection.close()

    def _before(self, how: str) -> None:
        """Its port is told."""
        if how == "dies":
            os._exit(1)
        if how in ("mute", "nonsense"):
            print("Segmentation fault" if how == "nonsense" else "Starting", flush=True)
            time.sleep(LONG_S)
        if how == "slow":
            time.sleep(SLOW_S)

    def _browse(self) -> None:
        """A browser, with one process that made itself independent, as Chromium's crash handler does."""
        self.browser = os.fork()
        if self.browser:
            return
        os.closerange(3, 64)
        if os.fork():
            os.setsid()
        time.sleep(LONG_S)
        os._exit(0)

    def _talk(self, connection: Any) -> None:
        while request := _request(connection):
            try:
                self._exchange(connection, *request)
            except Away:
                return

    def _exchange(self, connection: Any, method: str, path: str, body: Any) -> None:
        command = self._named(method, path, body)
        how = self.how if self.where == command else ""
        self.where = "" if how else self.where
        self._break_before(how)
        data = _reply(*self._answered(command, path, body))
        self._break_after(how, data, connection)
        connection.sendall(_bent(how) or data)

    def _break_before(self, how: str) -> None:
        if how == "cut":
            raise Away
        if how == "die":
            os._exit(1)
        if how == "killed" and self.browser:
            os.kill(self.browser, KILL)
            os.waitpid(self.browser, 0)
            self.browser = -1

    def _break_after(self, how: str, data: bytes, connection: Any) -> None:
        """What was asked for is done by now."""
        if how == "half":
            connection.sendall(data[: len(data) // 2])
        if how in ("half", "cut_after", "noise"):
            if how == "noise":
                connection.sendall(b"\x15\x03\x00 what?\r\n\r\n")
            raise Away
        if how == "die_after":
            os._exit(1)
        if how == "silence":
            time.sleep(LONG_S)
        if how == "drip":
            _drip(connection)
        if how == "slow":
            time.sleep(SLOW_S)

    def _named(self, method: str, path: str, body: Any) -> str:
        """What a command is called here; of a script and of DevTools, its own name."""
        end = path.removeprefix(f"/session/{SESSION}/").removeprefix("/")
        if end == "execute/sync":
            return self.scripts.get(body.get("script"), "unknown script")
        if end == "goog/cdp/execute":
            return str(body["cmd"]).rpartition(".")[2]
        if end.startswith("element/"):
            end = end.rpartition("/")[2]
        return PLAIN.get((method, end), f"unknown {method} {path}")

    def _answered(self, command: str, path: str, body: Any) -> tuple[int, Any]:
        try:
            if self.browser < 0:
                raise Refused(404, "invalid session id")
            return 200, self._done(command, path, body)
        except Refused as no:
            status, error = no.args
            return status, {"error": error, "message": f"{error}: as planned", "stacktrace": ""}

    def _done(self, command: str, path: str, body: Any) -> Any:
        match command:
            case "session":
                return self._begun(body)
            case "open":
                self.url, self.run, self.sent = body["url"], body["url"].rpartition("/")[2], False
                self.log("open")
            case "url":
                return self.url
            case "click" | "type" | "clear":  # what somebody at the site would see
                self.sent = self.sent or command == "click"
                self.log(command if f"#{path.split('/')[-2]}" in THERE else f"complaint: {command} on {path}")
            case "box":
                raise Refused(404, "no such alert")
            case "timeouts":
                return None
            case "LOOK" | "FIND" | "TEXT" | "STATUS":
                return self._looked(command, body["args"])
            case _ if f"{body.get('cmd')}".endswith(command) and body["cmd"] in CDP:
                return CDP[body["cmd"]]
            case _:
                self.log(f"complaint: {command}")
                raise Refused(404, "unknown command")
        return None

    def _begun(self, body: Any) -> Any:
        options = body["capabilities"]["alwaysMatch"]["goog:chromeOptions"]
        given = dict(a.partition("=")[::2] for a in options["args"])
        if not os.path.samefile(os.environ["TMPDIR"], os.path.dirname(given["--user-data-dir"])):
            self.log("complaint: the profile is not below its own folder")
        if not given.get("--proxy-server", "").startswith("http://127.0.0.1:") or not options["binary"]:
            self.log("complaint: no guard, or no browser")
        self._browse()
        return {"sessionId": SESSION, "capabilities": {"browserName": "chrome"}}

    def _looked(self, command: str, args: list[Any]) -> Any:
        if command == "STATUS":
            return 200
        if command == "TEXT":
            return f"Listo {self.run}"
        if command == "FIND":
            return {ELEMENT: args[1].removeprefix("#")} if self._there(args[1]) else None
        return [2 if self._there(what) else 0 for _by, what in args[0]]

    def _there(self, what: str) -> bool:
        return what in THERE or (what == "#listo" and self.sent)


def _request(connection: Any) -> tuple[str, str, Any] | None:
    """Method, path, body; None when they left."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (piece := connection.recv(1 << 16)):
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    said = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(said.get("content-length", "0")):
        body += connection.recv(1 << 16)
    method, path, _version = first.split(" ")
    return method, path, loads(body.decode() or "{}")


class Usual:
    """How JSON is read: as json.loads does when it is told nothing."""

    strict, object_hook, object_pairs_hook = True, None, None
    parse_float, parse_int, parse_constant = float, int, float


def loads(text: str) -> Any:
    return _json.make_scanner(Usual())(text, 0)[0]


def dumps(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{dumps(name)}:{dumps(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(dumps, value)) + "]"
    if isinstance(value, str):
        return _json.encode_basestring_ascii(value)
    return f"{value}" if type(value) is int else {None: "null", True: "true", False: "false"}[value]


def _reply(status: int, value: Any) -> bytes:
    body = dumps({"value": value}).encode()
    head = f"HTTP/1.1 {status} -\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _bent(how: str) -> bytes:
    """An answer that is whole and means nothing."""
    if how == "text":
        body = b"<html>Bad Gateway</html>"
        return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    if how == "shape":
        return _reply(200, 7)
    if how == "crashed":
        return _reply(500, {"error": "unknown error", "message": "tab crashed", "stacktrace": ""})
    return b""


def _drip(connection: Any) -> NoReturn:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-More: ")
    while True:
        connection.sendall(b"x")
        time.sleep(SLOW_S)


if __name__ == "__main__":
    fake = Fake(sys.argv[1])
    try:
        fake.main()
    except (BrokenPipeError, ConnectionResetError):
        os._exit(0)  # they went away: a real one would wait, and be killed
    except BaseException as error:
        fake.log(f"complaint: {error!r}")
        raise
