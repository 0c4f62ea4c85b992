"""The lines to the world: modems, mailboxes, providers, robots. Set up, kept alive, looked after."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.events import OfficeOpened
from app.devices import jobs, service, switchboard
from app.devices.pages import EDIT, VIEW, routes
from app.devices.verbs import NOUNS, TRAITS, VERBS
from app.frame.i18n import N_
from app.frame.module import Every, Job, Module, Nav, Permission, Topic
from app.frame.office import Office


async def _demo(db: AsyncSession) -> None:
    await service.ensure_sim(db)


async def _first_line(db: AsyncSession, _opened: OfficeOpened) -> None:
    """An office that has just opened can try everything before its first modem."""
    await service.ensure_sim(db)


async def _metrics(office: Office) -> dict[str, float]:
    """Lines per state, as this process sees them."""
    states = ("starting", "ready", "retrying", "needs_human", "off")
    told: list[str] = [k.state for k in office.supervisor.snapshot() if k.kind == "device"]
    return {f"centralita_devices_{state}": float(told.count(state)) for state in states}


module = Module(
    name="devices",
    title=N_("Conexiones"),
    needs=("accounts",),
    on={OfficeOpened: _first_line},
    routes=routes,
    nav=(Nav(N_("Conexiones"), "/dispositivos", icon="plug", permission=VIEW, group="system"),),
    permissions=(
        Permission(VIEW, N_("Ver las conexiones"), scoped=False),
        Permission(EDIT, N_("Crear, cambiar, probar y quitar conexiones"), scoped=False),
    ),
    jobs={jobs.TIDY: Job(run=jobs.tidy)},
    schedules=(Every(jobs.TIDY, cron="50 3 * * *"),),
    topics=(Topic(service.TOPIC, permission=VIEW),),
    start=switchboard.start,
    demo=_demo,
    metrics=_metrics,
    verbs=VERBS,
    nouns=NOUNS,
    traits=TRAITS,
)
