"""The machine room: what runs, how it feels, and how nothing gets lost."""

from app.frame.i18n import N_
from app.frame.module import Every, Job, Module, Nav, Permission, Topic
from app.system import api, jobs, pages
from app.system.commands import COMMANDS, before_open
from app.system.verbs import NOUNS, TRAITS, VERBS

module = Module(
    name="system",
    title=N_("Sistema"),
    needs=("accounts",),
    routes=(*pages.routes, *api.routes),
    nav=(Nav(N_("Sistema"), "/sistema", icon="gear", permission="system.view", group="system", key="s"),),
    permissions=(
        Permission("system.view", N_("Ver el estado del sistema"), scoped=False),
        Permission("system.backups", N_("Hacer, descargar y restaurar respaldos"), scoped=False),
        Permission("metrics.view", N_("Leer las métricas"), scoped=False),
        Permission("config.view", N_("Leer la configuración"), scoped=False),
    ),
    jobs={
        "system.backup": Job(run=jobs.backup),
        "system.drill": Job(run=jobs.drill),
        "system.tidy": Job(run=jobs.tidy),
    },
    schedules=(
        Every("system.backup", minutes=1),
        Every("system.tidy", minutes=60),
        Every("system.drill", cron="40 3 * * *"),
    ),
    topics=(Topic(jobs.TOPIC, permission="system.view"),),
    start=jobs.start,
    before_open=before_open,
    before_migration=jobs.before_migration,
    commands=COMMANDS,
    verbs=VERBS,
    nouns=NOUNS,
    traits=TRAITS,
)
