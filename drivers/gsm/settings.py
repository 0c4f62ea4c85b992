"""What can be set on a modem, and what can be asked of it."""

from typing import Annotated, Literal

from drivers.contract import N_, Action, Settings, setting
from drivers.gsm.engine import Patience

Accents = Literal["keep", "simplify", "spanish"]
ACCENTS = {
    "keep": N_("Conservarlas (un mensaje lleva 70 letras)"),
    "simplify": N_("Quitarlas (un mensaje lleva 160 letras)"),
    "spanish": N_("Tabla española (155 letras; no todo teléfono la muestra)"),
}
Mode = Literal["auto", "pdu", "text"]
MODES = {"auto": N_("El mejor que acepte el módem"), "pdu": N_("PDU"), "text": N_("Texto (módems muy viejos)")}


class GsmSettings(Settings, frozen=True, kw_only=True):
    """Settings of one modem."""

    port: Annotated[
        str,
        setting(N_("Puerto"), help=N_("Vacío: se busca. Puede llevar * para varios puertos."), example="/dev/ttyUSB2"),
    ] = ""
    imei: Annotated[
        str, setting(N_("IMEI"), help=N_("Vacío: el primer módem libre; después, siempre el mismo."))
    ] = ""
    pin: Annotated[str, setting(N_("PIN del SIM"), help=N_("Se prueba una sola vez."), secret=True)] = ""
    number: Annotated[
        str, setting(N_("Número del SIM"), help=N_("Aparece como destinatario."), example="+50680000001")
    ] = ""
    sim: Annotated[
        str, setting(N_("Número de serie del SIM (ICCID)"), help=N_("Si se llena, no se acepta otro."), advanced=True)
    ] = ""
    centre: Annotated[
        str, setting(N_("Centro de mensajes"), help=N_("Vacío: el que trae el SIM."), advanced=True)
    ] = ""
    accents: Annotated[Accents, setting(N_("Tildes al enviar"), choices=ACCENTS)] = "keep"
    parts_max: Annotated[
        int, setting(N_("Partes por mensaje"), help=N_("Un texto más largo no se envía."), ge=1, le=255)
    ] = 10
    reports: Annotated[bool, setting(N_("Pedir confirmación de entrega"))] = True
    roaming: Annotated[
        bool, setting(N_("Enviar en itinerancia"), help=N_("Fuera del país cada mensaje puede costar más."))
    ] = False
    gap_s: Annotated[
        float, setting(N_("Pausa entre mensajes (s)"), help=N_("Las redes bloquean a quien envía muy rápido."), ge=0)
    ] = 1.0
    per_hour: Annotated[int, setting(N_("Máximo por hora"), help=N_("0: sin máximo. Cuenta partes."), ge=0)] = 0
    per_day: Annotated[int, setting(N_("Máximo por día"), help=N_("0: sin máximo. Cuenta partes."), ge=0)] = 0
    parts_wait_min: Annotated[
        float, setting(N_("Esperar partes (min)"), help=N_("Luego se muestra lo que llegó."), advanced=True, ge=0)
    ] = 30
    wide: Annotated[
        bool, setting(N_("Referencias de 16 bits"), help=N_("Para quien envía muchos mensajes largos."), advanced=True)
    ] = False
    mode: Annotated[Mode, setting(N_("Modo"), choices=MODES, advanced=True)] = "auto"
    speed: Annotated[int, setting(N_("Velocidad"), advanced=True, ge=300, le=4_000_000)] = 115_200
    poll_s: Annotated[float, setting(N_("Revisar cada (s)"), advanced=True, ge=0.05)] = 30
    sweep_s: Annotated[float, setting(N_("Releer el SIM cada (s)"), advanced=True, ge=0.05)] = 300
    call_poll_s: Annotated[float, setting(N_("Seguir llamadas cada (s)"), advanced=True, ge=0.02)] = 1
    answer_s: Annotated[float, setting(N_("Espera de una respuesta (s)"), advanced=True, ge=0.02)] = 5
    prompt_s: Annotated[float, setting(N_("Espera para escribir (s)"), advanced=True, ge=0.02)] = 10
    send_s: Annotated[float, setting(N_("Espera de un envío (s)"), advanced=True, ge=0.02)] = 60
    quiet_s: Annotated[float, setting(N_("Silencio que cuenta (s)"), advanced=True, ge=0.005)] = 0.3
    retry_s: Annotated[float, setting(N_("Pausa antes de repetir una parte (s)"), advanced=True, ge=0)] = 3
    sim_s: Annotated[float, setting(N_("Espera del SIM (s)"), advanced=True, ge=0)] = 30
    network_s: Annotated[float, setting(N_("Espera de la red (s)"), advanced=True, ge=0)] = 60
    boot_s: Annotated[float, setting(N_("Espera tras reiniciar el módem (s)"), advanced=True, ge=0)] = 40

    @property
    def patience(self) -> Patience:
        return Patience(answer_s=self.answer_s, prompt_s=self.prompt_s, send_s=self.send_s, quiet_s=self.quiet_s)


class Dial(Action, frozen=True, kw_only=True):
    """Call somebody."""

    to: Annotated[str, setting(N_("Número"), example="+50680000001")]


class Answer(Action, frozen=True, kw_only=True):
    """Take the call that rings."""


class HangUp(Action, frozen=True, kw_only=True):
    """End all calls."""


class Tones(Action, frozen=True, kw_only=True):
    """Press keys during a call."""

    keys: Annotated[str, setting(N_("Teclas"), example="1#")]


class Ussd(Action, frozen=True, kw_only=True):
    """Ask the network, or answer its menu."""

    code: Annotated[str, setting(N_("Código o respuesta"), example="*123#")]


class Reset(Action, frozen=True, kw_only=True):
    """Restart the radio, or the whole modem."""

    hard: Annotated[bool, setting(N_("Reinicio completo"))] = False


class FreeMemory(Action, frozen=True, kw_only=True):
    """Delete drafts and sent messages that a telephone left on the SIM."""
