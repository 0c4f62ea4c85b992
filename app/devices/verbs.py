"""What the audit says of devices, in words."""

from app.frame.i18n import N_

VERBS = {
    "devices.added": N_("agregó una conexión"),
    "devices.changed": N_("cambió una conexión"),
    "devices.switched": N_("encendió o apagó una conexión"),
    "devices.retried": N_("volvió a intentar una conexión"),
    "devices.removed": N_("quitó una conexión"),
}
TRAITS = {
    "enabled": N_("Encendida"),
    "identity": N_("Identidad"),
    "kind": N_("Clase"),
    "secret": N_("Con secreto"),
    "settings": N_("Ajustes"),
}
NOUNS = {"device": N_("conexión")}
