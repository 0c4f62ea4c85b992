"""What can be set on a Telegram bot, and what can be asked of it."""

from typing import Annotated, Literal

from drivers.contract import N_, Action, Settings, setting

Mode = Literal["polling", "webhook"]
MODES = {
    "polling": N_("Preguntar (no necesita dirección pública)"),
    "webhook": N_("Recibir avisos (necesita dirección pública con https)"),
}
Groups = Literal["leave", "say", "take"]
GROUPS = {
    "leave": N_("Despedirse y salir del grupo"),
    "say": N_("Avisar una vez y no atender el grupo"),
    "take": N_("Atender también los grupos"),
}
GROUP_TEXT = N_("Este bot atiende solo en conversaciones privadas. Escríbale directamente, con gusto le ayudamos.")


class TelegramSettings(Settings, frozen=True, kw_only=True):
    """Settings of a bot."""

    token: Annotated[
        str,
        setting(N_("Token del bot"), help=N_("Lo da @BotFather al crear el bot: números, dos puntos y letras."),
                secret=True),
    ]  # fmt: skip
    mode: Annotated[Mode, setting(N_("Cómo recibe"), choices=MODES)] = "polling"
    groups: Annotated[
        Groups, setting(N_("Si lo agregan a un grupo"), help=N_("Un bot de oficina suele atender a solas."),
                        choices=GROUPS),
    ] = "leave"  # fmt: skip
    group_text: Annotated[
        str, setting(N_("Lo que dice en el grupo"), help=N_("Una sola vez por grupo. Vacío: no dice nada."), lines=True)
    ] = GROUP_TEXT
    secret: Annotated[
        str,
        setting(N_("Clave de los avisos"), secret=True, advanced=True,
                help=N_("Letras, números, - y _. Vacío: se calcula a partir del token.")),
    ] = ""  # fmt: skip
    base_url: Annotated[
        str, setting(N_("Dirección de la API"), help=N_("Cámbiela solo si usa un servidor propio."), advanced=True)
    ] = "https://api.telegram.org"
    poll_s: Annotated[
        int, setting(N_("Espera de cada pregunta (s)"), advanced=True, ge=0, le=50)
    ] = 25
    answer_s: Annotated[
        float, setting(N_("Paciencia con una respuesta (s)"), advanced=True, ge=0.01, le=120)
    ] = 20.0
    upload_s: Annotated[
        float, setting(N_("Paciencia con un archivo (s)"), advanced=True, ge=0.01, le=3600)
    ] = 300.0
    pause_s: Annotated[
        float, setting(N_("Pausa entre revisiones (s)"), advanced=True, ge=0.01, le=3600,
                       help=N_("Entre dos preguntas sin novedad, y entre dos revisiones de los avisos.")),
    ] = 60.0  # fmt: skip


class SetWebhook(Action, frozen=True, kw_only=True):
    """Telegram sends what arrives to this address from now on."""

    url: Annotated[str, setting(N_("Dirección para avisos"), example="https://oficina.example/hooks/...")]
    drop_pending: Annotated[bool, setting(N_("Descartar lo que está por llegar"))] = False


class RemoveWebhook(Action, frozen=True, kw_only=True):
    """Telegram keeps what arrives until it is asked."""

    drop_pending: Annotated[bool, setting(N_("Descartar lo que está por llegar"))] = False
