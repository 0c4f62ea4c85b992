"""What can be set on notifications in browsers, and what can be asked of them."""

from typing import Annotated, Literal

from drivers.contract import N_, Action, Settings, setting

Urgency = Literal["very-low", "low", "normal", "high"]
URGENCIES = {
    "very-low": N_("Muy baja (solo con batería y wifi)"), "low": N_("Baja"), "normal": N_("Normal"),
    "high": N_("Alta (despierta el teléfono)"),
}  # fmt: skip
HOSTS = "fcm.googleapis.com\n.push.services.mozilla.com\n.push.apple.com\n.notify.windows.com"


class WebpushSettings(Settings, frozen=True, kw_only=True):
    """Settings of notifications."""

    contact: Annotated[
        str,
        setting(N_("Correo de contacto"), help=N_("Los servicios de avisos escriben ahí si algo anda mal."),
                example="soporte@oficina.example"),
    ] = ""  # fmt: skip
    private_key: Annotated[
        str,
        setting(N_("Clave privada VAPID"), secret=True, advanced=True,
                help=N_("Vacía: se crea una sola vez y se guarda sellada. Sirve PEM o base64.")),
    ] = ""  # fmt: skip
    ttl_s: Annotated[
        int,
        setting(N_("Guardar el aviso (s)"), help=N_("Cuánto espera a un navegador apagado."), ge=0, le=2_419_200),
    ] = 43_200  # fmt: skip
    urgency: Annotated[Urgency, setting(N_("Urgencia"), choices=URGENCIES)] = "high"
    hosts: Annotated[
        str,
        setting(N_("Servicios permitidos"), lines=True, advanced=True,
                help=N_("Uno por línea. Con punto al inicio valen todos los de ese nombre. A otros no se envía nada.")),
    ] = HOSTS  # fmt: skip
    answer_s: Annotated[
        float, setting(N_("Paciencia con una respuesta (s)"), advanced=True, ge=0.01, le=120)
    ] = 15.0


class PublicKey(Action, frozen=True, kw_only=True):
    """The key that browsers need to subscribe (applicationServerKey)."""


class NewKeys(Action, frozen=True, kw_only=True):
    """Another pair of keys: every subscription made with the old one ends."""
