"""Accounts: the people of the office, how they come in, and what each role may do."""

from app.accounts import api, pages
from app.accounts.commands import admin
from app.accounts.demo import demo
from app.accounts.jobs import start, walk_chain
from app.accounts.pages.audit import CHAIN_JOB
from app.accounts.people import hears_person
from app.accounts.verbs import NOUNS, TRAITS, VERBS
from app.accounts.who import authenticate
from app.frame.i18n import N_
from app.frame.module import Every, Job, Module, Nav, Permission, Topic

PERMISSIONS = (
    Permission("people.view", N_("Ver a las personas de la oficina"), lead="team"),
    Permission("people.edit", N_("Crear, invitar y desactivar personas")),
    Permission("teams.edit", N_("Crear y cambiar equipos"), scoped=False),
    Permission("permissions.edit", N_("Decidir qué puede hacer cada rol"), scoped=False),
    Permission("audit.view", N_("Ver la auditoría"), scoped=False),
    Permission("office.edit", N_("Cambiar los datos de la oficina"), scoped=False),
)

module = Module(
    name="accounts",
    title=N_("Personas"),
    routes=(*pages.routes, *api.routes),
    plugins=(api.AccountsPlugin(),),
    permissions=PERMISSIONS,
    nav=(
        Nav(N_("Personas"), "/personas", icon="user", permission="people.view", group="management", key="u"),
        Nav(N_("Auditoría"), "/auditoria", icon="shield", permission="audit.view", group="system"),
    ),
    jobs={CHAIN_JOB: Job(run=walk_chain)},
    schedules=(Every(CHAIN_JOB, cron="20 3 * * *"),),
    topics=(
        Topic("people", "people.view"),
        Topic("person-", "people.view", look=hears_person),
        Topic("audit-", "audit.view"),
    ),
    authenticate=authenticate,
    start=start,
    demo=demo,
    commands=(admin,),
    verbs=VERBS,
    nouns=NOUNS,
    traits=TRAITS,
)
