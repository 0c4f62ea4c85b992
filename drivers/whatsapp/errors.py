"""The Cloud API's own error codes, for answers and for failed statuses alike.

Source: developers.facebook.com, "Error codes" of the WhatsApp Cloud API.
"""

from drivers.contract import N_
from drivers.meta.faults import BLOCKED_RULE, BUSY_RULE, MISSING_RULE, PERMISSION_RULE, TOO_MANY_RULE, Rule, Rules

WINDOW = N_("Pasaron más de 24 horas desde el último mensaje de la persona. Envíe una plantilla aprobada.")
UNDELIVERABLE = N_(
    "No se pudo entregar: el número no tiene WhatsApp, no aceptó las condiciones nuevas o usa una versión vieja."
)
PAIR = N_("Se le enviaron demasiados mensajes seguidos a esta persona. Se intentará de nuevo.")
SPAM = N_("WhatsApp limitó este número porque muchas personas bloquearon o reportaron sus mensajes.")
SPAM_STEPS = N_("Revise la calidad del número en el administrador de WhatsApp y espere a que mejore.")
NOT_NOW = N_("WhatsApp decidió no entregar este mensaje a esta persona. No insista; escríbale otro día.")
STOPPED = N_("La persona pidió no recibir mensajes de mercadotecnia de este número.")
EXPERIMENT = N_("WhatsApp no entregó el mensaje porque la persona está en una prueba de Meta.")
PAYMENT = N_("WhatsApp no envía porque hay un problema con el pago de la cuenta.")
PAYMENT_STEPS = N_("Revise el método de pago en business.facebook.com y pulse Reintentar.")
NAME = N_("WhatsApp aún no aprueba el nombre que se muestra de este número.")
NAME_STEPS = N_("Pida la aprobación en el administrador de WhatsApp y pulse Reintentar.")
UNREGISTERED = N_("El número no está registrado en la Cloud API.")
UNREGISTERED_STEPS = N_("Regístrelo en el administrador de WhatsApp y pulse Reintentar.")
TERMS = N_("Falta aceptar las condiciones de WhatsApp en la cuenta.")
TERMS_STEPS = N_("Acéptelas en business.facebook.com y pulse Reintentar.")
SELF = N_("El destinatario es este mismo número. Elija otro.")
NOT_LISTED = N_("Es un número de prueba y el destinatario no está en su lista. Agréguelo en la página de Meta.")
COUNTRY = N_("WhatsApp no permite enviar este mensaje a ese país.")
BAD_MEDIA = N_("WhatsApp no aceptó el archivo: %(why)s. Envíelo como JPG, PNG, MP4, MP3 o PDF.")
NO_MEDIA = N_("WhatsApp no pudo bajar el archivo de la dirección dada. Súbalo aquí o revise la dirección.")
BAD_KIND = N_("La persona no puede recibir este tipo de mensaje.")
BAD_PART = N_("WhatsApp no aceptó una parte del mensaje: %(why)s")
NO_TEMPLATE = N_("La plantilla no existe en ese idioma o no está aprobada. Actualice la lista de plantillas.")
VALUES = N_("Los datos no calzan con las variables de la plantilla: %(why)s")
TEMPLATE_LONG = N_("Con estos datos la plantilla queda demasiado larga. Acórtelos.")
TEMPLATE_POLICY = N_("WhatsApp rechaza el contenido de la plantilla por sus políticas.")
TEMPLATE_PAUSED = N_("WhatsApp pausó la plantilla por mala calidad. Use otra o espere.")
TEMPLATE_OFF = N_("WhatsApp desactivó la plantilla por mala calidad. Cree otra.")
FLOW = N_("El formulario de la plantilla no está disponible. Revíselo en el administrador de WhatsApp.")
ID_ONLY = N_("Este tipo de plantilla solo se puede enviar a un número de teléfono.")

RULES: Rules = {
    131047: Rule("never", WINDOW),
    131026: Rule("never", UNDELIVERABLE),
    130429: Rule("wait", TOO_MANY_RULE.sentence, after_s=5),
    131056: Rule("wait", PAIR, after_s=6),
    80007: TOO_MANY_RULE,
    133016: TOO_MANY_RULE,
    131048: Rule("human", SPAM, SPAM_STEPS),
    131049: Rule("never", NOT_NOW),
    131050: Rule("never", STOPPED),
    130472: Rule("never", EXPERIMENT),
    **dict.fromkeys((131000, 131016, 131057, 133004, 135000), BUSY_RULE),
    131005: PERMISSION_RULE,
    **dict.fromkeys((130497, 131064), Rule("never", COUNTRY)),
    131031: BLOCKED_RULE,
    131042: Rule("human", PAYMENT, PAYMENT_STEPS),
    131037: Rule("human", NAME, NAME_STEPS),
    **dict.fromkeys((131045, 133010), Rule("human", UNREGISTERED, UNREGISTERED_STEPS)),
    134011: Rule("human", TERMS, TERMS_STEPS),
    133000: MISSING_RULE,
    131021: Rule("never", SELF),
    131030: Rule("never", NOT_LISTED),
    131051: Rule("never", BAD_KIND),
    131052: Rule("never", NO_MEDIA),
    131053: Rule("never", BAD_MEDIA),
    **dict.fromkeys((131008, 131009), Rule("never", BAD_PART)),
    **dict.fromkeys((132000, 132012, 132018), Rule("never", VALUES)),
    132001: Rule("never", NO_TEMPLATE),
    132005: Rule("never", TEMPLATE_LONG),
    132007: Rule("never", TEMPLATE_POLICY),
    132015: Rule("never", TEMPLATE_PAUSED),
    132016: Rule("never", TEMPLATE_OFF),
    **dict.fromkeys((132068, 132069), Rule("never", FLOW)),
    131062: Rule("never", ID_ONLY),
}
