"""What can be set on a simulated line, and what can be asked of it while it runs."""

from typing import Annotated, Literal

from drivers.contract import N_, Action, Settings, setting

Fault = Literal["none", "silence", "unplugged", "temporary", "permanent", "lost_receipt", "pin"]
FAULTS = {
    "none": N_("Ninguna"),
    "silence": N_("No responde"),
    "unplugged": N_("Desconectada"),
    "temporary": N_("Red ocupada (se reintenta)"),
    "permanent": N_("Número inexistente (no se reintenta)"),
    "lost_receipt": N_("Envía, pero el acuse se pierde"),
    "pin": N_("Pide PIN (espera a una persona)"),
}


class SimSettings(Settings, frozen=True, kw_only=True):
    """Settings of the simulated line."""

    number: Annotated[str, setting(N_("Número propio"), help=N_("Aparece como remitente."))] = "+50640000000"
    fault: Annotated[
        Fault, setting(N_("Falla"), help=N_("Lo que la línea finge que le pasa."), choices=FAULTS)
    ] = "none"
    arrivals_per_hour: Annotated[
        float,
        setting(N_("Mensajes por hora"), help=N_("Cuántos mensajes de personas inventadas llegan."), ge=0, le=3600),
    ] = 0.0
    answers: Annotated[bool, setting(N_("Contesta"), help=N_("Quien recibe un mensaje responde."))] = True
    delay_ms: Annotated[
        int, setting(N_("Demora (ms)"), help=N_("Entre el envío y el acuse."), advanced=True, ge=0, le=60_000)
    ] = 300
    patience_ms: Annotated[
        int, setting(N_("Paciencia (ms)"), help=N_("Cuánto se espera una respuesta."), advanced=True, ge=1, le=60_000)
    ] = 5_000
    takes_keys: Annotated[
        bool,
        setting(
            N_("Reconoce repetidos"), help=N_("Un mismo mensaje enviado dos veces sale una sola vez."), advanced=True
        ),
    ] = True
    seed: Annotated[int, setting(N_("Semilla"), help=N_("La misma semilla da la misma historia."), advanced=True)] = 1
    key: Annotated[
        str, setting(N_("Clave de avisos"), help=N_("Firma los avisos que llegan por la web."), secret=True)
    ] = ""


class SetFault(Action, frozen=True, kw_only=True):
    """From now on."""

    fault: Annotated[Fault, setting(N_("Falla"), choices=FAULTS)]


class Arrive(Action, frozen=True, kw_only=True):
    """A message arrives."""

    sender: Annotated[str, setting(N_("De"), example="+50680000001")]
    text: Annotated[str, setting(N_("Texto"))]
    name: Annotated[str, setting(N_("Nombre"))] = ""
