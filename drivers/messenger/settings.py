"""What can be set on a page with its Instagram account, and what can be asked of them."""

from typing import Annotated

from drivers.contract import N_, Action, Settings, setting


class MessengerSettings(Settings, frozen=True, kw_only=True):
    """Settings of one Facebook page, one Instagram account, or both together."""

    page_id: Annotated[
        str,
        setting(
            N_("Identificador de la página"), example="1965123456789",
            help=N_("De Facebook. Déjelo vacío si solo usa Instagram con su propio inicio de sesión."),
        ),
    ] = ""  # fmt: skip
    instagram_id: Annotated[
        str,
        setting(
            N_("Identificador de Instagram"), example="17841400000000000",
            help=N_("De la cuenta profesional. Vacío si no usa Instagram."),
        ),
    ] = ""  # fmt: skip
    token: Annotated[
        str, setting(N_("Token de acceso"), help=N_("De la página, o de la cuenta de Instagram."), secret=True)
    ] = ""
    app_secret: Annotated[
        str,
        setting(
            N_("Clave secreta de la app"), help=N_("Con ella se comprueba que los avisos son de Meta."), secret=True
        ),
    ] = ""
    verify_token: Annotated[
        str,
        setting(
            N_("Token de verificación"), help=N_("Invéntelo y escríbalo igual en la página de Meta."), secret=True
        ),
    ] = ""
    base_url: Annotated[
        str,
        setting(
            N_("Dirección de la API"), advanced=True,
            help=N_("Con inicio de sesión de Instagram es https://graph.instagram.com."),
        ),
    ] = "https://graph.facebook.com"  # fmt: skip
    version: Annotated[str, setting(N_("Versión de la API"), advanced=True)] = "v23.0"
    media_hosts: Annotated[
        str,
        setting(N_("Servidores de archivos"), help=N_("Solo de estos se descarga."), advanced=True, lines=True),
    ] = "fbcdn.net\nfbsbx.com\ncdninstagram.com"
    patience_s: Annotated[
        float,
        setting(N_("Paciencia (s)"), help=N_("Cuánto se espera una respuesta."), advanced=True, ge=0.05, le=120),
    ] = 15.0
    check_every_s: Annotated[
        float,
        setting(N_("Comprobar cada (s)"), help=N_("Si el token y la página siguen bien."), advanced=True, ge=0.05),
    ] = 600.0


class Subscribe(Action, frozen=True, kw_only=True):
    """Subscribes the app to the page or Instagram account, so that webhooks come."""


class MarkRead(Action, frozen=True, kw_only=True):
    """The person sees that all was read."""

    to: Annotated[str, setting(N_("Persona"))]


class Typing(Action, frozen=True, kw_only=True):
    """Shows "writing…" for up to 20 seconds, or takes it away."""

    to: Annotated[str, setting(N_("Persona"))]
    on: Annotated[bool, setting(N_("Escribiendo"))] = True


class Profile(Action, frozen=True, kw_only=True):
    """Name and picture of a person; answers a Person. Webhooks bring ids only."""

    of: Annotated[str, setting(N_("Persona"))]
    channel: Annotated[str, setting(N_("Canal"))] = "messenger"
