"""/personas/permisos: the matrix, shown and edited."""

from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import matrix
from app.accounts.pages.choices import role_options, scope_options
from app.frame.auth import needs
from app.frame.forms import Again, read
from app.frame.i18n import _
from app.frame.module import Permission
from app.frame.office import Office
from app.frame.pages import fragment, page, toast
from app.frame.refused import NotFound, Refused

AnyRequest = Request[Any, Any, Any]


class Cell(msgspec.Struct):
    """One cell as it is sent."""

    role: str
    permission: str
    scope: str = ""


@get("/personas/permisos", guards=[needs("people.view")], include_in_schema=False)
async def matrix_page(
    request: AnyRequest, office: NamedDependency[Office], db: NamedDependency[AsyncSession]
) -> Response[str]:
    """Roles by permissions, a group for each module."""
    groups = [(_(m.title), m.permissions) for m in office.modules.values() if m.permissions]
    return page(
        request, "accounts/permissions.html",
        tab="permissions", groups=groups, roles=role_options(), cells=await matrix.cells(db),
        scopes={True: scope_options(True), False: scope_options(False)},
    )  # fmt: skip


@post("/personas/permisos", guards=[needs("permissions.edit")], include_in_schema=False, status_code=200)
async def change_cell(
    request: AnyRequest, office: NamedDependency[Office], db: NamedDependency[AsyncSession]
) -> Response[str]:
    """Change one cell; the answer is the cell as it now stands."""
    form = read(Cell, await request.form())
    said = form.value if form.ok else Cell("", "")
    permission = _declared(office, said.permission)
    before = (await matrix.cells(db)).get((said.role, said.permission), "")
    try:
        await matrix.grant(db, said.role, permission, said.scope)
    except NotFound:
        raise
    except Refused as refused:
        # 409 shows the cell as it was, with the reason beside it
        raise Again(
            "accounts/_cell.html", status=409, said=refused.sentence, **_cell(said, permission, before)
        ) from refused
    response = fragment("accounts/_cell.html", said="", **_cell(said, permission, said.scope))
    return toast(response, "ok", _("Permiso cambiado"), _("Rige desde ahora para quienes tienen ese rol."))


def _declared(office: Office, name: str) -> Permission:
    for permission in matrix.declared(office.modules.values()):
        if permission.name == name:
            return permission
    raise NotFound(_("Ese permiso ya no existe. Recargue la página."))


def _cell(said: Cell, permission: Permission, scope: str) -> dict[str, Any]:
    role_title = dict(role_options()).get(said.role, said.role)
    options = scope_options(permission.scoped)
    return {"role": said.role, "role_title": role_title, "permission": permission, "scope": scope, "options": options}


routes = (matrix_page, change_cell)
