"""Diagnostics and "test connection", the same for all of Meta's channels."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from drivers.contract import N_, NeedsHuman, NotReady, Probe
from drivers.http import Unanswered, Unreachable
from drivers.meta.reading import Fields, text

PROBE_S = 15.0
DEAF = N_("Meta responde, pero no se podrán recibir mensajes: falta la clave secreta o el token de verificación.")
DEAF_STEPS = N_("Escriba la clave secreta de la app y el token de verificación en los ajustes y guarde.")
UNSUBSCRIBED = N_("Meta responde, pero la app no está suscrita: no llegarán mensajes.")
UNSUBSCRIBED_STEPS = N_("Use la acción «subscribe» de esta conexión, o suscriba la app en la página de Meta.")
SLOW = N_("Meta no contestó a tiempo.")
AGAIN_STEPS = N_("Espere unos minutos y pruebe de nuevo.")
SET, UNSET = N_("puesto"), N_("falta")


class MetaSettings(Protocol):
    """What the settings of every one of Meta's channels have."""

    @property
    def token(self) -> str: ...
    @property
    def app_secret(self) -> str: ...
    @property
    def verify_token(self) -> str: ...
    @property
    def base_url(self) -> str: ...
    @property
    def version(self) -> str: ...


def told(settings: MetaSettings) -> dict[str, str]:
    """Of secrets only whether they are there."""
    return {
        N_("Dirección de la API"): f"{settings.base_url} {settings.version}",
        N_("Token de acceso"): SET if settings.token else UNSET,
        N_("Clave secreta de la app"): SET if settings.app_secret else UNSET,
        N_("Token de verificación"): SET if settings.verify_token else UNSET,
    }


async def probed(
    ask: Callable[[], Awaitable[tuple[Fields, bool]]], facts: dict[str, str], settings: MetaSettings, works: str,
    proof: Mapping[str, str],
) -> Probe:
    """`ask` proves address, version, token and id, and whether webhooks come. `proof`: label -> field of its answer."""
    try:
        said, subscribed = await asyncio.wait_for(ask(), PROBE_S)
    except TimeoutError:
        return Probe(ok=False, sentence=SLOW, what_to_do=AGAIN_STEPS, facts=facts)
    except (NeedsHuman, Unreachable, Unanswered) as error:
        return Probe(ok=False, sentence=str(error), what_to_do=error.what_to_do, facts=facts)
    except NotReady as error:
        return Probe(ok=False, sentence=str(error), what_to_do=AGAIN_STEPS, facts=facts)
    facts |= {label: text(said, field) for label, field in proof.items()}
    if not (settings.app_secret and settings.verify_token):
        return Probe(ok=False, sentence=DEAF, what_to_do=DEAF_STEPS, facts=facts)
    if not subscribed:
        return Probe(ok=False, sentence=UNSUBSCRIBED, what_to_do=UNSUBSCRIBED_STEPS, facts=facts)
    return Probe(ok=True, sentence=works, facts=facts)
