"""Flask-Admin as a site: somebody else's pages, with 45 clients over three pages, behind a log-in."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

from flask import Flask, redirect, request, session
from flask_admin import Admin
from flask_admin.model import BaseModelView
from msgspec import Struct
from werkzeug.serving import make_server
from werkzeug.wrappers import Response
from wtforms import Form

USER, PASSWORD = "ana", "clave-muy-secreta"
ROWS, PER_PAGE = 45, 20
FORM = "<form method=post><label>Usuario <input name=user></label><input name=password type=password><button>Entrar"


class Client(Struct):
    """One row of the list."""

    id: int
    name: str
    balance: str


CLIENTS = [Client(n, f"Cliente {n}", f"{n}.50") for n in range(1, ROWS + 1)]


class Clients(BaseModelView):  # type: ignore[misc]
    """For those who are in."""

    page_size = PER_PAGE
    can_create = can_edit = can_delete = False
    column_list = ("name", "balance")

    def get_pk_value(self, model: Client) -> int:
        return model.id

    def scaffold_list_columns(self) -> list[str]:
        return list(self.column_list)

    def scaffold_sortable_columns(self) -> None:
        """Nothing can be sorted."""

    def scaffold_form(self) -> type[Form]:
        return Form

    def init_search(self) -> bool:
        return False

    def get_list(self, page: int, *_args: Any, page_size: int = PER_PAGE, **_more: Any) -> tuple[int, list[Client]]:
        return ROWS, CLIENTS[page * page_size : (page + 1) * page_size]

    def is_accessible(self) -> bool:
        return bool(session.get("inside"))

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Response:
        return redirect("/login")


def make_app() -> Flask:
    app = Flask("site")
    app.secret_key = "de prueba"

    @app.route("/login", methods=["GET", "POST"])
    def login() -> Response | str:
        if (request.form.get("user"), request.form.get("password")) != (USER, PASSWORD):
            return FORM
        session["inside"] = True
        return redirect("/admin/client/")

    Admin(app).add_view(Clients(Client, name="Clientes", endpoint="client"))
    return app


@contextlib.contextmanager
def served() -> Iterator[str]:
    """Its base address."""
    server = make_server("127.0.0.1", 0, make_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
