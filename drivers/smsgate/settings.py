"""What can be set on a phone with the gateway app, and what can be asked of it."""

from typing import Annotated, Literal

from drivers.contract import N_, Action, Settings, setting

Mode = Literal["local", "cloud"]
MODES = {"local": N_("Directo al teléfono (misma red)"), "cloud": N_("Por la nube del fabricante o un servidor propio")}
Auth = Literal["basic", "token"]
AUTHS = {"basic": N_("Usuario y contraseña"), "token": N_("Token que se renueva solo")}
Sim = Literal["auto", "1", "2", "3"]
SIMS = {"auto": N_("La que el teléfono elija"), "1": "SIM 1", "2": "SIM 2", "3": "SIM 3"}
CLOUD = "https://api.sms-gate.app/3rdparty/v1"


class SmsgateSettings(Settings, frozen=True, kw_only=True):
    """Settings of a phone."""

    mode: Annotated[Mode, setting(N_("Cómo se llega al teléfono"), choices=MODES)] = "local"
    base_url: Annotated[
        str,
        setting(N_("Dirección"), help=N_("La que muestra la aplicación. En la nube puede quedar vacía."),
                example="http://192.168.1.20:8080"),
    ] = ""  # fmt: skip
    username: Annotated[str, setting(N_("Usuario"), help=N_("Lo muestra la aplicación."))] = ""
    password: Annotated[str, setting(N_("Contraseña"), help=N_("La muestra la aplicación."), secret=True)] = ""
    auth: Annotated[Auth, setting(N_("Identificación"), choices=AUTHS, advanced=True)] = "basic"
    signing_key: Annotated[
        str,
        setting(N_("Clave de firma"), secret=True,
                help=N_("En la aplicación: Ajustes, Webhooks, Signing key. Sin ella no se aceptan avisos.")),
    ] = ""  # fmt: skip
    sim: Annotated[Sim, setting(N_("SIM para enviar"), choices=SIMS)] = "auto"
    device_id: Annotated[
        str, setting(N_("Teléfono"), help=N_("Su identificador, si en la nube hay varios."), advanced=True)
    ] = ""
    reports: Annotated[bool, setting(N_("Pedir acuse de entrega"), advanced=True)] = True
    ttl_s: Annotated[
        int, setting(N_("Vence a los (s)"), help=N_("0: no vence."), advanced=True, ge=0, le=31_536_000)
    ] = 0
    priority: Annotated[
        int, setting(N_("Prioridad"), help=N_("Desde 100 no respeta los límites del teléfono."), advanced=True,
                     ge=-128, le=127),
    ] = 0  # fmt: skip
    age_max_s: Annotated[
        int, setting(N_("Edad máxima de un aviso (s)"), advanced=True, ge=1, le=86_400)
    ] = 300
    check_s: Annotated[
        float,
        setting(N_("Revisar cada (s)"), help=N_("Salud, bandeja de entrada y estados que no llegaron por aviso."),
                advanced=True, ge=0.01, le=3600),
    ] = 60.0  # fmt: skip
    lookback_h: Annotated[
        int, setting(N_("Mirar atrás (h)"), help=N_("Cuánto de la bandeja se revisa al empezar."), advanced=True,
                     ge=1, le=720),
    ] = 24  # fmt: skip
    answer_s: Annotated[
        float, setting(N_("Paciencia con una respuesta (s)"), advanced=True, ge=0.01, le=120)
    ] = 10.0


class SetWebhooks(Action, frozen=True, kw_only=True):
    """The phone tells this address what happens from now on."""

    url: Annotated[str, setting(N_("Dirección para avisos"), example="https://oficina.example/hooks/...")]


class RemoveWebhooks(Action, frozen=True, kw_only=True):
    """The phone no longer tells this address."""

    url: Annotated[str, setting(N_("Dirección para avisos"), example="https://oficina.example/hooks/...")]


class RefreshInbox(Action, frozen=True, kw_only=True):
    """The phone reads its own SMS again."""

    hours: Annotated[int, setting(N_("Mirar atrás (h)"), ge=1, le=720)] = 24
