"""A small site like those that offices must work with: log-in with CSRF, pager, frames, boxes, and traps.

Strict: a form without its token, a wrong password or a request that no page asks for is a complaint.
"""

import contextlib
import secrets
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

USER, PASSWORD = "ana", "clave-muy-secreta"
ROWS, PER_PAGE = 45, 15
FORM = """<form method="post" action="/entrar" enctype="application/x-www-form-urlencoded">
<input type="hidden" name="csrf" value="{csrf}"><label for="u">Usuario</label><input id="u" name="user">
<label for="p">Contraseña</label><input id="p" name="password" type="password"><button>Entrar</button></form>"""
UPLOAD = "<form method=post action=/subir enctype=multipart/form-data><input type=file name=f><button>Enviar</button>"
PAGES = {
    "/inicio": "<h1>Hola</h1><a id=salir href=/salir>Salir</a><p id=saldo>₡1.234.567,50</p><p id=dia>3 de marzo de 2026"
    "</p><p id=eco></p><input id=claro oninput=\"eco.textContent='dijo ' + value\">",
    "/marcos": "<iframe id=dentro src=/marco></iframe>",
    "/marco": "<button onclick=\"this.textContent='Pulsado'\">Púlseme</button>",
    "/ventanas": "<a target=_blank href=/otra>Abrir otra</a>",
    "/otra": "<h1 id=otra>Otra ventana</h1>",
    "/avisos": "<button onclick=\"document.title = confirm('¿Borrar todo?') ? 'sí' : 'no'; titulo.textContent="
    "document.title\">Borrar</button><p id=titulo></p>",
    "/combinada": "<table id=t><thead><tr><th rowspan=2>Zona<th colspan=2>Ventas<tr><th>2025<th>2026</thead><tbody>"
    "<tr><td rowspan=2>Norte<td>1,5<td>2<tr><td>3<td>1.000,25</tbody></table>",
    "/elegir": "<select id=lista><option value=a>Activo<option value=n>No</select><div id=caja onclick="
    "'opciones.hidden=false'>...</div><ul id=opciones hidden><li onclick=\"caja.textContent='Verde';opciones.hidden="
    "true\">Verde</ul>",
    "/descargas": "<a href=/informe>Bajar</a>",
    "/captcha": "<div class=captcha>Marque los semáforos</div>",
    "/codigo": "<input autocomplete=one-time-code>",
    "/tarde": "<p id=lugar></p><script>setTimeout(() => { lugar.innerHTML = '<b id=b>ya</b>' }, 300)</script>",
    "/tarjetas": "<div class=t><h3>Uno</h3><span>1,5</span></div><div class=t><h3>Dos</h3><span>2</span></div>",
}


class Site:
    """What happened at it. `expire()` ends every session."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.complaints: list[str] = []
        self.hits: Counter[str] = Counter()
        self.sessions: set[str] = set()
        self.uploads: dict[str, bytes] = {}
        self.logins = 0
        self.expires_at: int | None = None  # the session ends when this page of the table is asked for
        self.elsewhere = ""  # a host that nobody may reach
        self.scheme = "https" if tls else "http"
        self.hang = threading.Event()
        self.asked: dict[str, threading.Event] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Handler,), {"site": self}))
        self._server.daemon_threads = True
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def base(self) -> str:
        return f"{self.scheme}://{self.host}"

    def reached(self, path: str) -> threading.Event:
        """Set once a page was asked for."""
        return self.asked.setdefault(path, threading.Event())

    def expire(self) -> None:
        self.sessions.clear()

    def stop(self) -> None:
        self.hang.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Handler(BaseHTTPRequestHandler):
    """One request."""

    site: Site

    def log_message(self, *_args: object) -> None:
        """Silent."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.site.hits[parts.path] += 1
        self.site.reached(parts.path).set()
        query = {k: v[0] for k, v in parse_qs(parts.query).items()}
        if parts.path == "/entrar":
            return self._form()
        if parts.path in ("/favicon.ico", "/publica"):
            return self._page("<h1>Pública</h1>")
        if not self._inside():
            return self._redirect("/entrar")
        self._get(parts.path, query)

    def _get(self, path: str, query: dict[str, str]) -> None:
        if path in PAGES:
            return self._page(PAGES[path])
        if path == "/lista":
            return self._list(int(query.get("p", "1")))
        if path == "/informe":
            return self._send(b"a;b\n1;2\n", "text/csv", ("Content-Disposition", 'attachment; filename="informe.csv"'))
        if path == "/subir":
            return self._page(UPLOAD)
        self._trap(path)

    def _trap(self, path: str) -> None:
        elsewhere = f"http://{self.site.elsewhere}"
        match path:
            case "/redirige":
                self._redirect(elsewhere + "/robo")
            case "/mezcla":
                self._page(f"<img src={elsewhere}/robo><iframe src={elsewhere}/robo></iframe><h1 id=fin>Fin</h1>"
                           f"<script>fetch('{elsewhere}/robo').catch(() => 0); new WebSocket('ws://{self.site.elsewhere}"
                           f"/robo'); navigator.sendBeacon('{elsewhere}/robo', 'x')</script>")  # fmt: skip
            case "/media":
                self.send_response(200)
                self.send_header("Content-Length", "5000")
                self.end_headers()
                self.wfile.write(b"<h1>Medi")
                self.close_connection = True
            case "/error":
                self.send_error(500)
            case "/colgada":
                self.site.hang.wait(30)
                self._page("tarde")
            case _:
                self.site.complaints.append(f"GET {path}")
                self.send_error(404)

    def _list(self, page: int) -> None:
        if self.site.expires_at == page:
            self.site.expires_at = None
            self.site.expire()
            return self._redirect("/entrar")
        numbers = range((page - 1) * PER_PAGE + 1, min(page * PER_PAGE, ROWS) + 1)
        rows = "".join(f"<tr><td>{n}<td>Cliente {n}<td>{n}.000,50<td>{n % 28 + 1:02}/03/2026" for n in numbers)
        last = page * PER_PAGE >= ROWS
        following = "<span class=sig>»</span>" if last else f"<a class=sig href='/lista?p={page + 1}'>»</a>"
        self._page(f"<table id=t><tr><th>N<th>Nombre<th>Saldo<th>Desde{rows}</table>{following}")

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if path == "/entrar":
            return self._enter({k: v[0] for k, v in parse_qs(body.decode()).items()})
        if path == "/subir" and self._inside():
            self.site.uploads["f"] = body
            return self._page("<h1 id=listo>Recibido</h1>")
        self.site.complaints.append(f"POST {path}")
        self.send_error(400)

    def _form(self) -> None:
        token = secrets.token_hex(8)
        cookie = ("Set-Cookie", f"csrf={token}; Path=/")
        self._send(FORM.format(csrf=token).encode(), "text/html; charset=utf-8", cookie)

    def _enter(self, said: dict[str, str]) -> None:
        self.site.logins += 1
        if not said.get("csrf") or said["csrf"] != self._cookies().get("csrf"):
            self.site.complaints.append("log-in without its token")
        if (said.get("user"), said.get("password")) != (USER, PASSWORD):
            return self._redirect("/entrar")
        session = secrets.token_hex(8)
        self.site.sessions.add(session)
        self.send_response(303)
        self.send_header("Location", "/inicio")
        self.send_header("Set-Cookie", f"sesion={session}; Path=/; HttpOnly; Max-Age=3600")
        self.end_headers()

    def _inside(self) -> bool:
        return self._cookies().get("sesion") in self.site.sessions

    def _cookies(self) -> dict[str, str]:
        pairs = (c.strip().partition("=") for c in self.headers.get("Cookie", "").split(";"))
        return {name: value for name, _, value in pairs}

    def _redirect(self, to: str) -> None:
        self.send_response(303)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _page(self, inner: str) -> None:
        page = f"<!doctype html><html lang=es><meta charset=utf-8><title>Sitio</title><body>{inner}"
        self._send(page.encode(), "text/html; charset=utf-8")

    def _send(self, body: bytes, kind: str, *headers: tuple[str, str]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(OSError):  # the browser went away
            self.wfile.write(body)


@contextlib.contextmanager
def site(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A site for one test, and beside it one that nobody may reach."""
    here, elsewhere = Site(tls), Site()
    here.elsewhere = elsewhere.host
    try:
        yield here
    finally:
        here.stop()
        elsewhere.stop()
    assert here.complaints == []
    assert elsewhere.hits == {}, "somebody reached what is not allowed"
