"""What can be set on a browser, and what can be asked of it."""

from typing import Annotated, Literal

from drivers.contract import N_, Action, Settings, setting

PICTURES = {"every": N_("De cada paso"), "failure": N_("Si algo falla"), "never": N_("Ninguna")}
SITE_EXAMPLE = "base: https://crm.example\nlogin:\n  outside: '#password'\n  steps:\n  - open: /entrar"


class BrowserSettings(Settings, frozen=True, kw_only=True):
    """One person's way into one site."""

    site: Annotated[
        str,
        setting(N_("Sitio"), lines=True, example=SITE_EXAMPLE, help=N_("Dirección, páginas y cómo se entra, en YAML.")),
    ] = ""
    user: Annotated[str, setting(N_("Usuario"), help=N_("En una receta: ${user}."))] = ""
    password: Annotated[
        str, setting(N_("Contraseña"), secret=True, help=N_("En una receta: ${password}, solo para escribirla."))
    ] = ""
    secret: Annotated[
        str, setting(N_("Otro dato secreto"), secret=True, help=N_("En una receta: ${secret}, solo para escribirlo."))
    ] = ""
    hosts: Annotated[
        str,
        setting(
            N_("Otros sitios permitidos"), lines=True, example="cdn.crm.example\n*.crm.example",
            help=N_("Uno por línea. A ningún otro llega el navegador."),
        ),
    ] = ""
    private: Annotated[
        bool,
        setting(N_("Permitir la red privada"), help=N_("Solo si el sitio está en la oficina o en esta máquina.")),
    ] = False
    sessions: Annotated[
        int, setting(N_("A la vez"), help=N_("Cuántos navegadores."), advanced=True, ge=1, le=16)
    ] = 2
    page_s: Annotated[
        float, setting(N_("Cargar (s)"), help=N_("Cuánto se espera una página."), advanced=True, ge=1, le=90)
    ] = 30
    wait_s: Annotated[
        float, setting(N_("Buscar (s)"), help=N_("Cuánto se espera algo en una página."), advanced=True, ge=0.1, le=90)
    ] = 10
    max_s: Annotated[
        float, setting(N_("Receta (s)"), help=N_("Lo más que dura una receta."), advanced=True, ge=1, le=7200)
    ] = 1800
    browser: Annotated[
        str, setting(N_("Programa"), help=N_("Vacío: se busca."), example="/usr/bin/chromium", advanced=True)
    ] = ""


class RunRecipe(Action, frozen=True, kw_only=True):
    """Carry out a recipe; answers its Result."""

    recipe: Annotated[str, setting(N_("Receta"), lines=True)]
    inputs: Annotated[
        str, setting(N_("Datos de la receta"), help=N_("JSON: nombre y texto."), example='{"cuenta": "7"}')
    ] = "{}"
    files: Annotated[str, setting(N_("Archivos"), help=N_("JSON: nombre y ruta."))] = "{}"
    into: Annotated[str, setting(N_("Carpeta"), help=N_("Para imágenes y archivos bajados."))] = ""
    pictures: Annotated[Literal["every", "failure", "never"], setting(N_("Imágenes"), choices=PICTURES)] = "failure"


class CheckRecipe(Action, frozen=True, kw_only=True):
    """Read a recipe without doing anything."""

    recipe: Annotated[str, setting(N_("Receta"), lines=True)]
