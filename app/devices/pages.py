"""/dispositivos: the lines to the world, how they are, and what to do."""

from typing import Any

from litestar import Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy.ext.asyncio import AsyncSession

from app.devices import asking, form, kinds, service
from app.devices.editing import edit, editor, submitted
from app.devices.models import Device
from app.devices.showing import Shown, shown, tally
from app.frame import audit
from app.frame.auth import needs
from app.frame.i18n import _
from app.frame.office import Office
from app.frame.pages import fragment, go, page, toast

AnyRequest = Request[Any, Any, Any]
VIEW, EDIT = "devices.view", "devices.edit"
ROOT = "/dispositivos"


async def _lines(db: AsyncSession, office: Office) -> list[Shown]:
    return [shown(office, device) for device in await service.devices(db)]


def _whole(request: AnyRequest, lines: list[Shown], **more: Any) -> Response[str]:
    context: dict[str, Any] = {"lines": lines, "tally": tally(lines), "chosen": None, "kinds": kinds.every()} | more
    return page(request, "devices/page.html", **context)


@get(ROOT, guards=[needs(VIEW)], include_in_schema=False)
async def list_page(
    request: AnyRequest, db: NamedDependency[AsyncSession], office: NamedDependency[Office]
) -> Response[str]:
    """All lines."""
    return _whole(request, await _lines(db, office))


@get(f"{ROOT}/lista", guards=[needs(VIEW)], include_in_schema=False)
async def list_fragment(
    db: NamedDependency[AsyncSession], office: NamedDependency[Office], elegida: FromQuery[int] = 0
) -> Response[str]:
    """The list alone, for live refresh."""
    lines = await _lines(db, office)
    return fragment("devices/_list.html", lines=lines, tally=tally(lines), chosen_id=elegida)


@get(f"{ROOT}/nuevo/{{kind:str}}", guards=[needs(EDIT)], include_in_schema=False)
async def new_form(request: AnyRequest, kind: FromPath[str]) -> Response[str]:
    """The form of a new line."""
    return page(request, "devices/form_page.html", **editor(kind))


@get(f"{ROOT}/{{device_id:int}}", guards=[needs(VIEW)], include_in_schema=False)
async def one_page(
    request: AnyRequest, device_id: FromPath[int], db: NamedDependency[AsyncSession], office: NamedDependency[Office]
) -> Response[str]:
    """All lines, one of them in detail."""
    chosen = shown(office, await service.find(db, device_id))
    return _whole(request, await _lines(db, office), chosen=chosen, hook=_hook(office, chosen))


@get(f"{ROOT}/{{device_id:int}}/detalle", guards=[needs(VIEW)], include_in_schema=False)
async def detail(
    device_id: FromPath[int], db: NamedDependency[AsyncSession], office: NamedDependency[Office]
) -> Response[str]:
    """One line's state, for live refresh."""
    return _detail(office, await service.find(db, device_id))


def _detail(office: Office, device: Device) -> Response[str]:
    chosen = shown(office, device)
    return fragment("devices/_detail.html", chosen=chosen, hook=_hook(office, chosen))


def _hook(office: Office, chosen: Shown) -> str:
    """The address to give to the provider; empty for lines without webhooks."""
    line = office.lines.get(chosen.device.id)
    return f"{office.settings.url}/hooks/{chosen.device.hook}" if line and line.driver.hooked else ""


@post(ROOT, guards=[needs(EDIT)], status_code=200, include_in_schema=False)
async def create(
    request: AnyRequest, db: NamedDependency[AsyncSession], office: NamedDependency[Office]
) -> Response[str]:
    typed = await request.form()
    settings = submitted(str(typed.get("device_kind", "")), typed)
    device = await edit(settings, lambda: service.add(db, office.vault, settings.kind, settings.name, settings.value))
    return toast(go(f"{ROOT}/{device.id}", request), "ok", _("Conexión creada"))


@get(f"{ROOT}/{{device_id:int}}/ajustes", guards=[needs(EDIT)], include_in_schema=False)
async def settings_form(
    request: AnyRequest, device_id: FromPath[int], db: NamedDependency[AsyncSession], office: NamedDependency[Office]
) -> Response[str]:
    device = await service.find(db, device_id)
    return page(request, "devices/form_page.html", **editor(device.kind, device, office.vault))


@put(f"{ROOT}/{{device_id:int}}", guards=[needs(EDIT)], include_in_schema=False)
async def save(
    request: AnyRequest, device_id: FromPath[int], db: NamedDependency[AsyncSession], office: NamedDependency[Office]
) -> Response[str]:
    device, typed = await service.find(db, device_id), await request.form()
    settings = submitted(device.kind, typed, device, office.vault)
    said = str(typed.get(form.VERSION) or "")
    version = int(said) if said.isdecimal() and len(said) < 10 else None
    await edit(settings, lambda: service.change(db, office.vault, device_id, settings.name, settings.value, version))
    return toast(go(f"{ROOT}/{device_id}", request), "ok", _("Ajustes guardados"))


@put(f"{ROOT}/{{device_id:int}}/encendido", guards=[needs(EDIT)], include_in_schema=False)
async def turn_on(
    device_id: FromPath[int], db: NamedDependency[AsyncSession], office: NamedDependency[Office]
) -> Response[str]:
    return toast(_detail(office, await service.switch(db, device_id, True)), "ok", _("Conexión encendida"))


@delete(f"{ROOT}/{{device_id:int}}/encendido", guards=[needs(EDIT)], status_code=200, include_in_schema=False)
async def turn_off(
    device_id: FromPath[int], db: NamedDependency[AsyncSession], office: NamedDependency[Office]
) -> Response[str]:
    return toast(_detail(office, await service.switch(db, device_id, False)), "ok", _("Conexión apagada"))


@delete(f"{ROOT}/{{device_id:int}}", guards=[needs(EDIT)], status_code=200, include_in_schema=False)
async def remove(request: AnyRequest, device_id: FromPath[int], db: NamedDependency[AsyncSession]) -> Response[str]:
    await service.remove(db, device_id)
    return toast(go(ROOT, request), "ok", _("Conexión eliminada"))


@post(f"{ROOT}/{{device_id:int}}/reintentos", guards=[needs(EDIT)], status_code=200, include_in_schema=False)
async def retry(
    device_id: FromPath[int], db: NamedDependency[AsyncSession], office: NamedDependency[Office]
) -> Response[str]:
    """Now, instead of when its time comes; a line that is well begins anew."""
    device = await service.find(db, device_id)
    asking.retry(office, device_id)
    audit.record(db, "devices.retried", "device", device_id)
    return toast(_detail(office, device), "ok", _("Reintentando la conexión"))


@post(f"{ROOT}/{{device_id:int}}/pruebas", guards=[needs(EDIT)], status_code=200, include_in_schema=False)
async def probe(device_id: FromPath[int], office: NamedDependency[Office]) -> Response[str]:
    """Ask the line itself; without a unit of work, because it may take its time."""
    line = office.lines.get(device_id)
    said = await asking.probe(office, device_id)
    return fragment("devices/_probe.html", said=said, line_name=line.name if line else "")


@get(f"{ROOT}/{{device_id:int}}/datos", guards=[needs(VIEW)], include_in_schema=False)
async def facts(device_id: FromPath[int], office: NamedDependency[Office]) -> Response[str]:
    """What the line says about itself, and what waits in the intake."""
    said, rows = await asking.facts(office, device_id)
    return fragment("devices/_facts.html", facts=said, rows=rows, device_id=device_id)


@post(f"{ROOT}/{{device_id:int}}/relecturas", guards=[needs(EDIT)], status_code=200, include_in_schema=False)
async def reread(device_id: FromPath[int], office: NamedDependency[Office]) -> Response[str]:
    """What could not be read is read again."""
    await asking.reread(office, device_id)
    said, rows = await asking.facts(office, device_id)
    return fragment("devices/_facts.html", facts=said, rows=rows, device_id=device_id)


@get(f"{ROOT}/{{device_id:int}}/diagnostico", guards=[needs(VIEW)], include_in_schema=False)
async def diagnosis(device_id: FromPath[int], office: NamedDependency[Office]) -> Response[bytes]:
    """A JSON file for who helps from afar."""
    body, name = await asking.diagnosis(office, device_id)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, media_type="application/json", headers=headers)


routes = (
    list_page, list_fragment, new_form, one_page, detail, create, settings_form, save, turn_on, turn_off, remove, retry,
    probe, facts, reread, diagnosis,
)  # fmt: skip
