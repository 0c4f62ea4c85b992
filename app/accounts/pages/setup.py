"""/instalacion: the first-run wizard. Once the office is open it is gone."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery

from app.accounts import logins, matrix
from app.accounts.countries import countries, guess_zone, is_country, zone_options
from app.accounts.hashing import hash_password
from app.accounts.models import User
from app.accounts.opening import Admin, Opening, check_opening, complete_setup
from app.accounts.pages import cookies
from app.accounts.pages.login import is_ready
from app.accounts.password_rules import check_password
from app.accounts.people import clean_email, clean_name
from app.frame.actor import NOBODY
from app.frame.auth import public
from app.frame.forms import Form, blank, read, refuse
from app.frame.i18n import LANGUAGES, PLACE
from app.frame.office import Office
from app.frame.pages import bare, fragment, go
from app.frame.refused import Conflict, Refused, each

AnyRequest = Request[Any, Any, Any]
Line = Annotated[str, msgspec.Meta(max_length=254)]


class Wizard(msgspec.Struct):
    """Everything an office needs to open."""

    office: Line
    country: Annotated[str, msgspec.Meta(pattern="^[A-Z]{2}$")]
    language: Line
    name: Line
    email: Line
    password: Annotated[str, msgspec.Meta(max_length=logins.PASSWORD_MAX)]
    timezone: Line = ""


def show(request: AnyRequest, form: Form[Any], status: int = 200) -> Response[str]:
    language, country = PLACE.get().language, str(form.get("country") or "CR")
    context: dict[str, Any] = {
        "countries": countries(language),
        "zones": zone_options(country if is_country(country) else "CR", language),
        "language_options": tuple(LANGUAGES.items()),
    }
    if request.headers.get("HX-Request"):
        return fragment("accounts/_wizard.html", status=status, form=form, **context)
    return bare("accounts/wizard.html", status=status, form=form, **context)


@get("/instalacion", guards=[public], include_in_schema=False)
async def wizard_page(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """The wizard, while the office is not open yet."""
    if await is_ready(office):
        return go("/entrar", request)
    country = office.settings.country
    return show(request, blank(country=country, language=PLACE.get().language, timezone=guess_zone(country)))


@get("/instalacion/zona", guards=[public], include_in_schema=False)
async def zone_field(
    request: AnyRequest, office: NamedDependency[Office], country: FromQuery[str] = "CR"
) -> Response[str]:
    """The time zones of the country that was just chosen."""
    if await is_ready(office):
        return go("/entrar", request)
    known = country if is_country(country) else "CR"
    return fragment(
        "accounts/_zone.html", form=blank(timezone=guess_zone(known)), zones=zone_options(known, PLACE.get().language)
    )


@post("/instalacion", guards=[public], include_in_schema=False, status_code=200)
async def open_office(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """Open the office and come in as its administrator."""
    if await is_ready(office):
        return go("/entrar", request)
    form = read(Wizard, await request.form())
    if not form.ok:
        return show(request, form, 422)
    try:
        user = await _open(office, form.value, cookies.visitor(request))
    except Conflict as refused:
        if refused.field is None:
            return go("/entrar", request)
        return show(request, refuse(form, refused), 422)
    except Refused as refused:
        return show(request, refuse(form, refused), refused.status)
    await office.reload()
    return cookies.let_in(go("/", request), office, await logins.open_for(office, user, cookies.visitor(request)))


async def _open(office: Office, said: Wizard, visitor: logins.Visitor) -> User:
    given = Opening(name=said.office, country=said.country, timezone=said.timezone, language=said.language)
    opening, email, name, _good = each(
        lambda: check_opening(given),
        lambda: clean_email(said.email),
        lambda: clean_name(said.name),
        lambda: check_password(said.password, (said.name, said.email, said.office)),
    )
    hashed = await hash_password(said.password)
    async with office.database.unit(actor=msgspec.structs.replace(NOBODY, ip=visitor.ip)) as db:
        admin = Admin(email=email, name=name, role="manager", password_hash=hashed)
        return await complete_setup(db, opening, admin, matrix.declared(office.modules.values()))


routes = (wizard_page, zone_field, open_office)
