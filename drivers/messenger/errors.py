"""The Messenger Platform's own error codes and subcodes.

Source: developers.facebook.com, "Common Error Codes" of the Messenger Platform.
"""

from drivers.contract import N_
from drivers.meta.faults import BUSY_RULE, PERMISSION_RULE, TOO_MANY_RULE, Rule, Rules

WINDOW = N_(
    "Pasaron más de 24 horas desde el último mensaje de la persona. "
    "Una persona del equipo puede responder hasta 7 días con la etiqueta HUMAN_AGENT."
)
NOBODY = N_("Meta no encuentra a esta persona para esta página. Escríbale cuando ella escriba de nuevo.")
AWAY = N_("La persona bloqueó la página, cerró su cuenta o no recibe mensajes.")
FILE_LARGE = N_("Meta no aceptó el archivo: es demasiado grande. Acepta hasta 25 MB.")
BAD_FILE = N_("Meta no pudo leer el archivo. Envíelo en otro formato o revise la dirección.")
OTHER_APP = N_("Otra aplicación atiende esta conversación ahora. Tómela en la bandeja de Meta y envíe de nuevo.")
TERMS = N_("La página debe aceptar las condiciones de Meta para mensajes.")
TERMS_STEPS = N_("Ábralas en la configuración de la página en business.facebook.com y acéptelas.\nPulse Reintentar.")

RULES: Rules = {
    **dict.fromkeys((2018278, 2018065, 2534022), Rule("never", WINDOW)),
    **dict.fromkeys((2018001, 2534014), Rule("never", NOBODY)),
    **dict.fromkeys((551, 1545041, 2018108), Rule("never", AWAY)),
    2018109: Rule("never", FILE_LARGE),
    **dict.fromkeys((2018008, 2018047, 2018294), Rule("never", BAD_FILE)),
    2018300: Rule("never", OTHER_APP),
    2018344: Rule("human", TERMS, TERMS_STEPS),
    **dict.fromkeys((2018027, 2018028), PERMISSION_RULE),
    2018022: TOO_MANY_RULE,
    80006: TOO_MANY_RULE,
    1200: BUSY_RULE,
}
