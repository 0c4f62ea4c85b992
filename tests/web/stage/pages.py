"""The stage's handlers: what a browser may ask for, and `/escena/pedidos`, which tells what it asked."""

from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.frame.auth import public, signed_in
from app.frame.forms import Form, blank
from app.frame.office import Office
from app.frame.pages import bare, fragment, go, page, toast

PEOPLE = ("Marvin Quesada Alfaro", "María Fernanda López Ibarra", "Ferretería El Roble", "Yamileth Castro Rojas")
PAGE, LAST = 20, 60
AnyRequest = Request[Any, Any, Any]
WRONG = {"phone": "En Costa Rica son 8 dígitos. Falta 1."}


def _rows(after: int) -> dict[str, Any]:
    people = [(n, PEOPLE[n % len(PEOPLE)]) for n in range(after, after + PAGE)]
    return {"people": people, "more": after + PAGE if after + PAGE < LAST else 0}


def _note(office: Office, request: AnyRequest) -> None:
    office.state.setdefault("asked", []).append(f"{request.method} {request.url.path}")


@get("/escena", guards=[signed_in])
async def list_page(request: AnyRequest) -> Response[str]:
    return page(request, "stage/list.html", **_rows(0))


@get("/escena/filas", guards=[signed_in])
async def rows(request: AnyRequest) -> Response[str]:
    return fragment("stage/_rows.html", **_rows(int(request.query_params.get("after", "0"))))


@delete("/escena/filas/{number:int}", guards=[signed_in], status_code=200)
async def remove(request: AnyRequest, number: FromPath[int], office: NamedDependency[Office]) -> Response[str]:
    _note(office, request)
    return toast(Response(""), "ok", f"Eliminado {number}", undo="/escena/deshacer")


@post("/escena/deshacer", guards=[signed_in], status_code=200)
async def undo(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    _note(office, request)
    return toast(Response(""), "ok", "Deshecho")


@post("/escena/marcados", guards=[signed_in], status_code=200)
async def marked(request: AnyRequest) -> Response[str]:
    form = await request.form()
    return toast(Response(""), "ok", f"todos={form.get('all', '')} marcados={len(form.getall('id', []))}")


@get("/escena/ficha", guards=[signed_in])
async def form_page(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    form: Form[Any] = (
        Form({"name": "Marvin", "phone": "8812 345"}, WRONG, None) if "mal" in request.query_params else blank()
    )
    return page(request, "stage/form.html", form=form, beat=office.state.get("beat", 0))


@post("/escena/ficha", guards=[signed_in], status_code=200)
async def save(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    _note(office, request)
    typed = dict(await request.form())
    if typed.get("phone") == "88123456":
        return toast(go("/escena", request), "ok", "Guardado")
    return fragment("stage/_form.html", status=422, form=Form(typed, WRONG, None))


@post("/escena/bloqueo", guards=[signed_in], status_code=200)
async def lock(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    _note(office, request)
    return Response("", status_code=409 if office.state.get("taken") else 200)


@get("/escena/bloqueo", guards=[signed_in])
async def whose_lock(office: NamedDependency[Office]) -> Response[str]:
    return Response("", status_code=409 if office.state.get("taken") else 204)


@delete("/escena/bloqueo", guards=[signed_in], status_code=200)
async def unlock(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    _note(office, request)
    return Response("")


@post("/escena/archivo", guards=[signed_in], status_code=200, request_max_body_size=None)
async def upload(request: AnyRequest) -> Response[str]:
    file = (await request.form())["file"]
    return Response(f"<p id='got'>{len(await file.read())}</p>", media_type="text/html")


@get("/escena/latido", guards=[signed_in])
async def beat(office: NamedDependency[Office]) -> Response[str]:
    office.state["beat"] = office.state.get("beat", 0) + 1
    return fragment("stage/_beat.html", beat=office.state["beat"])


@get("/escena/modal", guards=[signed_in])
async def modal() -> Response[str]:
    return fragment("stage/_modal.html")


@post("/escena/modal", guards=[signed_in], status_code=200)
async def modal_save() -> Response[str]:
    return toast(Response(""), "ok", "Creado", also={"modal:close": {}})


@get("/escena/panel", guards=[signed_in])
async def panel(office: NamedDependency[Office]) -> Response[str]:
    office.state["panel"] = office.state.get("panel", 0) + 1
    if office.state["panel"] == 1:
        raise RuntimeError("the first time it breaks")
    return Response("<p id='panel'>Panel</p>", media_type="text/html")


@post("/escena/falla", guards=[signed_in])
async def broken() -> None:
    raise RuntimeError("on purpose")


@get("/escena/entrar", guards=[public])
async def login_page() -> Response[str]:
    return bare("stage/login.html", form=Form({"user": "ana"}, {"password": "La contraseña no coincide."}, None))


@get("/escena/pedidos", guards=[public], media_type="application/json")
async def asked(office: NamedDependency[Office]) -> list[str]:
    told: list[str] = office.state.pop("asked", [])
    return told


@get("/escena/tocar", guards=[public], media_type="text/plain")
async def touch(request: AnyRequest, office: NamedDependency[Office]) -> str:
    """Nudge `topic`; answers how many streams are open."""
    office.live.publish(request.query_params["topic"])
    return str(len(office.live.listeners))


ROUTES = (
    touch, list_page, rows, remove, undo, marked, form_page, save, lock, whose_lock, unlock, upload, beat, modal,
    modal_save, panel, broken, login_page, asked,
)  # fmt: skip
