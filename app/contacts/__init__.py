"""Contacts: the people and companies of the office, their addresses, history, locks and what they allowed."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.events import OfficeOpened, TeamDeleted
from app.contacts import models_consent, models_history, search_index
from app.contacts.api import API_ROUTES
from app.contacts.demo import plant
from app.contacts.exports import models as export_models
from app.contacts.exports.jobs import JOBS as EXPORT_JOBS
from app.contacts.exports.jobs import SCHEDULES as EXPORT_SCHEDULES
from app.contacts.exports.service import hears_export
from app.contacts.imports import models as import_models
from app.contacts.imports.jobs import JOBS as IMPORT_JOBS
from app.contacts.jobs import JOBS, SCHEDULES
from app.contacts.leaving import leave_team
from app.contacts.pages import LIST_ROUTES, PERSON_ROUTES
from app.contacts.pages.card import CardPages
from app.contacts.pages.editor import EditorPages
from app.contacts.pages.exports import ExportPages
from app.contacts.pages.import_run import WORDS as RUN_WORDS
from app.contacts.pages.import_run import ImportRun
from app.contacts.pages.import_steps import WORDS as STEP_WORDS
from app.contacts.pages.imports import ImportPages
from app.contacts.pages.words import FILTERS, GLOBALS
from app.contacts.scope import hears_contact
from app.contacts.statuses import seed_statuses
from app.contacts.timeline import TITLES
from app.contacts.verbs import NOUNS, TRAITS, VERBS
from app.frame.i18n import N_
from app.frame.module import Module, Nav, Panel, Permission, Topic

__all__ = ["export_models", "import_models", "models_consent", "models_history", "module", "search_index"]

PERMISSIONS = (
    Permission("contacts.view", N_("Ver contactos"), "team", "team"),
    Permission("contacts.edit", N_("Crear y cambiar contactos"), "team", "team"),
    Permission("contacts.delete", N_("Eliminar contactos"), scoped=True),
    Permission("contacts.generate", N_("Generar números"), scoped=False),
    Permission("contacts.import", N_("Importar contactos"), lead="all", scoped=False),
    Permission("contacts.export", N_("Exportar contactos"), lead="team"),
    Permission("contacts.takeover", N_("Tomar un contacto que otra persona edita"), lead="team"),
    Permission("contacts.block", N_("Anotar que alguien no desea contacto"), "team", "team"),
    Permission("contacts.unblock", N_("Levantar un «no contactar»"), lead="team"),
    Permission("contacts.erase", N_("Borrar o entregar los datos de una persona"), scoped=False),
    Permission("contacts.settings", N_("Definir estados, campos y etiquetas"), scoped=False),
)


async def seed(db: AsyncSession, _opened: OfficeOpened) -> None:
    """A new office starts with the older tool's statuses."""
    await seed_statuses(db)


module = Module(
    name="contacts",
    title=N_("Contactos"),
    needs=("accounts", "notices"),
    routes=(*LIST_ROUTES, CardPages, EditorPages, *PERSON_ROUTES, ExportPages, ImportPages, ImportRun, *API_ROUTES),
    words=GLOBALS | STEP_WORDS | RUN_WORDS | {"search_url": "/buscar"},
    filters=FILTERS,
    nav=(
        Nav(N_("Contactos"), "/contactos", icon="users", permission="contacts.view", group="operation", key="c"),
        Nav(
            N_("Ajustes de contactos"),
            "/ajustes/contactos",
            icon="flag",
            permission="contacts.settings",
            group="system",
        ),
    ),
    panels=(Panel("home", N_("Contactos"), "/contactos/resumen", "contacts.view"),),
    permissions=PERMISSIONS,
    demo=plant,
    verbs=VERBS,
    nouns=NOUNS,
    traits=TITLES | TRAITS,
    on={OfficeOpened: seed, TeamDeleted: leave_team},
    jobs=JOBS | IMPORT_JOBS | EXPORT_JOBS,
    schedules=SCHEDULES + EXPORT_SCHEDULES,
    topics=(
        Topic("contacts", "contacts.view"),
        Topic("contact-", "contacts.view", look=hears_contact),
        Topic("batch-", "contacts.edit"),
        Topic("import", "contacts.import"),
        Topic("exports", "contacts.export"),
        Topic("export-", "contacts.export", look=hears_export),
    ),
)
