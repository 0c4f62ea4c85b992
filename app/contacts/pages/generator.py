"""/contactos/generador: possible mobile numbers of Costa Rica, to look at or to keep."""

import csv
import io
import secrets
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.choices import forget_choices
from app.contacts.generator import LARGEST_BATCH, Generated, costa_rica
from app.contacts.generator.service import Asked, make_numbers, save_numbers, save_shares, shares_of
from app.frame.auth import needs
from app.frame.forms import Again, Form, blank, read, refuse
from app.frame.i18n import N_, _, ngettext
from app.frame.office import Office
from app.frame.pages import VARY, fragment, go, page, toast
from app.frame.refused import Refused

AnyRequest = Request[Any, Any, Any]
SHOWN = 20
METHODS = {
    "stratified": N_("Según la cuota de cada operador"),
    "simple": N_("Partes iguales"),
    "random": N_("Reparto al azar"),
}


class Order(msgspec.Struct, kw_only=True):
    """The form."""

    amount: Annotated[int, msgspec.Meta(ge=1, le=LARGEST_BATCH)]
    method: str = "stratified"
    seed: Annotated[str, msgspec.Meta(max_length=40)] = ""
    tags: Annotated[str, msgspec.Meta(max_length=200)] = ""

    def asked(self) -> Asked:
        return Asked(amount=self.amount, method=self.method, seed=self.seed)


async def around(db: AsyncSession, form: Form[Any], **more: Any) -> dict[str, Any]:
    """What the page's templates need."""
    return {
        "form": form,
        "operators": costa_rica().operators,
        "shares": await shares_of(db),
        "source": costa_rica(),
        "methods": METHODS,
        "most": LARGEST_BATCH,
    } | more


@get("/contactos/generador", guards=[needs("contacts.generate")], include_in_schema=False)
async def generator(request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
    """The form, with the shares of the operators beside it."""
    return page(request, "contacts/generator.html", **await around(db, blank(amount="100", method="stratified")))


async def order_of(request: AnyRequest, db: AsyncSession) -> Form[Order]:
    form = read(Order, await request.form())
    if not form.ok:
        raise Again("contacts/_generator_form.html", **await around(db, form))
    return form


@post("/contactos/generador/muestras", guards=[needs("contacts.generate")], include_in_schema=False)
async def sample(request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
    """Numbers to look at: nothing is kept. Without a seed one is drawn, so that the file has the same numbers."""
    form = await order_of(request, db)
    asked = msgspec.structs.replace(form.value.asked(), seed=form.value.seed or secrets.token_hex(4))
    try:
        numbers = await make_numbers(db, asked)
    except Refused as refused:
        raise Again("contacts/_generator_form.html", **await around(db, refuse(form, refused))) from refused
    counts = {o.title: sum(g.operator == o.name for g in numbers) for o in costa_rica().operators}
    return fragment("contacts/_generator_sample.html", asked=asked, numbers=numbers, shown=SHOWN, counts=counts)


@get("/contactos/generador/muestra.csv", guards=[needs("contacts.generate")], include_in_schema=False)
async def sample_file(request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
    """The sample as a file."""
    form = read(Order, request.query_params)
    if not form.ok:
        raise Refused(" ".join(form.errors.values()))
    numbers = await make_numbers(db, form.value.asked())
    name = f"numeros-{len(numbers)}-{form.value.seed or 'sin-semilla'}.csv"
    headers = VARY | {"Content-Disposition": f'attachment; filename="{_plain(name)}"'}
    return Response(as_csv(numbers), media_type="text/csv", headers=headers)


def _plain(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-.") else "_" for c in name)


def as_csv(numbers: list[Generated]) -> str:
    """Two columns, with the mark that Excel needs to read accents. A leading + would be a formula: the cell is text."""
    out = io.StringIO()
    writer = csv.writer(out)
    titles = {o.name: o.title for o in costa_rica().operators}
    writer.writerow([_("Teléfono"), _("Operador")])
    writer.writerows((g.e164.removeprefix("+"), titles.get(g.operator, g.operator)) for g in numbers)
    return "\ufeff" + out.getvalue()


@post("/contactos/generador", guards=[needs("contacts.generate")], include_in_schema=False)
async def keep(
    request: AnyRequest, office: NamedDependency[Office], db: NamedDependency[AsyncSession]
) -> Response[str]:
    """Generate and keep as contacts."""
    form = await order_of(request, db)
    tags = [t.strip() for t in form.value.tags.split(",") if t.strip()]
    try:
        _batch, numbers = await save_numbers(db, form.value.asked(), tags)
    except Refused as refused:
        raise Again("contacts/_generator_form.html", **await around(db, refuse(form, refused))) from refused
    forget_choices(office)
    n = len(numbers)
    title = ngettext("Se generó %(n)s contacto", "Se generaron %(n)s contactos", n)
    return toast(go("/contactos?provenance=generated&sort=-created", request), "ok", title)


@post("/contactos/generador/cuotas", guards=[needs("contacts.generate")], include_in_schema=False)
async def shares(request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
    """Change the shares of the operators."""
    typed = await request.form()
    given = {o.name: str(typed.get(f"share_{i}", "")).replace(",", ".") for i, o in enumerate(costa_rica().operators)}
    try:
        kept = await save_shares(db, {name: float(value) for name, value in given.items()})
    except (Refused, ValueError) as error:
        sentence = error.sentence if isinstance(error, Refused) else _("Escriba un porcentaje por operador.")
        form: Form[Any] = Form({}, {"shares": sentence}, None)
        raise Again("contacts/_generator_shares.html", **await around(db, form, shares=given)) from error
    response = fragment("contacts/_generator_shares.html", **await around(db, blank(), shares=kept))
    return toast(response, "ok", _("Cuotas guardadas"))
