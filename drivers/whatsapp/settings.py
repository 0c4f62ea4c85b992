"""What can be set on a WhatsApp number, and what can be asked of it."""

from typing import Annotated

from drivers.contract import N_, Action, Settings, setting


class WhatsAppSettings(Settings, frozen=True, kw_only=True):
    """Settings of one number of the Cloud API."""

    phone_number_id: Annotated[
        str,
        setting(
            N_("Identificador del número"), example="106540352242922",
            help=N_("Está en la página de Meta, WhatsApp, Configuración de la API. No es el número de teléfono."),
        ),
    ]  # fmt: skip
    token: Annotated[
        str, setting(N_("Token de acceso"), help=N_("De un usuario del sistema, sin vencimiento."), secret=True)
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
    account_id: Annotated[
        str,
        setting(
            N_("Identificador de la cuenta de WhatsApp"), example="102290129340398",
            help=N_("Hace falta para listar las plantillas."),
        ),
    ] = ""  # fmt: skip
    base_url: Annotated[
        str, setting(N_("Dirección de la API"), help=N_("Cámbiela solo si usa un intermediario."), advanced=True)
    ] = "https://graph.facebook.com"
    version: Annotated[str, setting(N_("Versión de la API"), advanced=True)] = "v23.0"
    media_hosts: Annotated[
        str,
        setting(N_("Servidores de archivos"), help=N_("Solo a estos se les da el token."), advanced=True, lines=True),
    ] = "lookaside.fbsbx.com"
    patience_s: Annotated[
        float,
        setting(N_("Paciencia (s)"), help=N_("Cuánto se espera una respuesta."), advanced=True, ge=0.05, le=120),
    ] = 15.0
    check_every_s: Annotated[
        float,
        setting(N_("Comprobar cada (s)"), help=N_("Si el token y el número siguen bien."), advanced=True, ge=0.05),
    ] = 600.0


class ListTemplates(Action, frozen=True, kw_only=True):
    """All templates of the account; answers a list of TemplateInfo."""


class Subscribe(Action, frozen=True, kw_only=True):
    """Subscribes the app to the account, so that webhooks come."""


class MarkRead(Action, frozen=True, kw_only=True):
    """Blue ticks on a received message and those before it."""

    message_id: Annotated[str, setting(N_("Mensaje"))]


class Typing(Action, frozen=True, kw_only=True):
    """Shows "writing…" for up to 25 seconds; Meta marks the message as read with it."""

    message_id: Annotated[str, setting(N_("Mensaje"))]
