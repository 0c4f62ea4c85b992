"""What can be set on a telephony line, and what can be asked of it."""

from typing import Annotated, Literal

from drivers.contract import N_, Action, Settings, setting
from drivers.telephony.links import Scheme

MODES = {"links": N_("Enlaces: abre el teléfono de cada puesto"), "ami": N_("Central Asterisk (AMI)")}
SCHEMES = {"tel": "tel:", "sip": "sip:", "callto": "callto:"}
TLS = {"no": N_("Sin cifrar"), "yes": N_("Cifrada"), "unchecked": N_("Cifrada, certificado propio")}


class TelephonySettings(Settings, frozen=True, kw_only=True):
    """Settings of a telephony line. In mode `links` no server is needed."""

    mode: Annotated[
        Literal["links", "ami"],
        setting(N_("Modo"), help=N_("Enlaces sirve para InterPhone y cualquier otro teléfono."), choices=MODES),
    ] = "links"
    scheme: Annotated[
        Scheme, setting(N_("Tipo de enlace"), help=N_("El que abre el teléfono del puesto."), choices=SCHEMES)
    ] = "tel"
    domain: Annotated[
        str, setting(N_("Dominio SIP"), help=N_("Solo para enlaces sip:."), example="pbx.example")
    ] = ""
    host: Annotated[
        str, setting(N_("Central"), help=N_("Nombre o dirección de la central."), example="pbx.example")
    ] = ""
    port: Annotated[int, setting(N_("Puerto"), help=N_("5038; cifrada, 5039."), ge=1, le=65535)] = 5038
    tls: Annotated[Literal["no", "yes", "unchecked"], setting(N_("Conexión"), choices=TLS)] = "no"
    username: Annotated[str, setting(N_("Usuario"), help=N_("El de manager.conf."))] = ""
    password: Annotated[str, setting(N_("Contraseña"), help=N_("La de manager.conf."), secret=True)] = ""
    context: Annotated[
        str, setting(N_("Contexto"), help=N_("Plan de marcado con el que sale la llamada."))
    ] = "from-internal"
    phone_channel: Annotated[
        str, setting(N_("Teléfono del puesto"), help=N_("Canal que suena primero; {extension} es el puesto."))
    ] = "PJSIP/{extension}"
    prefix: Annotated[str, setting(N_("Prefijo de salida"), help=N_("Vacío si no hace falta."), example="9")] = ""
    trunks: Annotated[
        str,
        setting(
            N_("Troncales"), example="PJSIP/proveedor, DAHDI/i1",
            help=N_("Separadas por comas. Vacío: es troncal lo que no se llama con puros dígitos."),
        ),
    ] = ""
    ring_s: Annotated[
        float, setting(N_("Timbrar (s)"), help=N_("Cuánto suena el teléfono del puesto."), ge=1, le=300)
    ] = 30
    answer_s: Annotated[
        float, setting(N_("Paciencia (s)"), help=N_("Cuánto se espera una respuesta."), advanced=True, ge=0.01, le=120)
    ] = 10
    ping_s: Annotated[
        float,
        setting(N_("Pulso (s)"), help=N_("Cada cuánto se comprueba la conexión."), advanced=True, ge=0.01, le=600),
    ] = 20


class Dial(Action, frozen=True, kw_only=True):
    """The agent's phone rings first; who lifts it is joined with the customer."""

    number: Annotated[str, setting(N_("Número"), example="+50680000001")]
    extension: Annotated[str, setting(N_("Extensión"), help=N_("El teléfono que suena primero."), example="201")]
    name: Annotated[str, setting(N_("Nombre"), help=N_("Lo que muestra el teléfono del puesto."))] = ""


class MakeLink(Action, frozen=True, kw_only=True):
    """A link for whoever clicks; nothing is called."""

    number: Annotated[str, setting(N_("Número"), example="+50680000001")]


class HangUp(Action, frozen=True, kw_only=True):
    """End a call of which a story was told; `call` is its conversation."""

    call: Annotated[str, setting(N_("Llamada"))]
