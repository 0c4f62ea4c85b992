"""Every way a mail server can fail us: a sentence and what to do about it, for the server that brings and the one
that sends. The sentences have no places, so that "test connection" can show them as they are."""

import socket
import ssl
from dataclasses import dataclass

from aiosmtplib import SMTPConnectError, SMTPServerDisconnected, SMTPTimeoutError

from drivers.contract import N_, NeedsHuman, NotReady

HOST_STEPS = N_("Revise el nombre del servidor en los ajustes.\nRevise que esta máquina tenga internet.")
PORT_STEPS = N_("Revise el servidor, el puerto y el cifrado en los ajustes.\nRevise que ningún cortafuegos lo impida.")
CERTIFICATE_STEPS = N_(
    "Revise el nombre del servidor: debe ser el del certificado.\n"
    "Si el certificado está hecho en casa, péguelo en los ajustes.\nRevise la fecha de esta máquina."
)
CIPHER_STEPS = N_("Elija el otro cifrado (TLS o STARTTLS) o el puerto que corresponde.")
LOGIN_STEPS = N_(
    "Escriba otra vez el usuario y la contraseña.\n"
    "Si la cuenta tiene verificación en dos pasos, cree una contraseña de aplicación y péguela.\n"
    "Si su proveedor pide OAuth2, elíjalo en los ajustes."
)
METHOD_STEPS = N_("Elija otra forma de entrada en los ajustes.\nPregunte a su proveedor cuál admite.")
WAIT_STEPS = N_("Espere unos minutos: se intentará de nuevo sin que haga nada.")
FOLDER_STEPS = N_("Revise en los ajustes el nombre de cada carpeta.")


@dataclass(frozen=True)
class Words:
    """The sentences of one side."""

    host: str
    refused: str
    silent: str
    certificate: str
    cipher: str
    lost: str
    login: str
    method: str
    busy: str

    def trouble(self, error: Exception) -> NotReady | NeedsHuman:
        """What a failed connection means. Network failures heal by themselves; a wrong setting does not."""
        sentence = self._sentence(_root(error))
        return NeedsHuman(sentence, CIPHER_STEPS) if sentence == self.cipher else NotReady(sentence)

    def broken(self, error: Exception) -> NotReady:
        """The same, of a connection that already worked: no setting is wrong."""
        return NotReady(self.silent if isinstance(error, TimeoutError) else self.lost)

    def _sentence(self, error: BaseException) -> str:
        match error:
            case socket.gaierror() | UnicodeError():
                return self.host
            case ssl.SSLCertVerificationError():
                return self.certificate
            case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
                return self.lost
            case ssl.SSLError():
                return self.cipher
            case TimeoutError():
                return self.silent
            case ConnectionError() | EOFError():
                return self.refused if isinstance(error, ConnectionRefusedError) else self.lost
            case OSError():
                return self.refused
        return self.lost


def _root(error: BaseException) -> BaseException:
    """aiosmtplib wraps what the system said."""
    wraps = (SMTPConnectError, SMTPServerDisconnected, SMTPTimeoutError)
    while isinstance(error, wraps) and isinstance(error.__cause__, Exception):
        error = error.__cause__
    return error


IN = Words(
    host=N_("No se encuentra el servidor de entrada (IMAP)."),
    refused=N_("El servidor de entrada (IMAP) no acepta la conexión."),
    silent=N_("El servidor de entrada (IMAP) no contesta a tiempo."),
    certificate=N_("El certificado del servidor de entrada (IMAP) no es de fiar."),
    cipher=N_("El servidor de entrada (IMAP) no habla con ese cifrado."),
    lost=N_("Se cortó la conexión con el servidor de entrada (IMAP)."),
    login=N_("El servidor de entrada (IMAP) no acepta el usuario o la contraseña."),
    method=N_("El servidor de entrada (IMAP) no admite esa forma de entrada."),
    busy=N_("El servidor de entrada (IMAP) está ocupado."),
)
OUT = Words(
    host=N_("No se encuentra el servidor de salida (SMTP)."),
    refused=N_("El servidor de salida (SMTP) no acepta la conexión."),
    silent=N_("El servidor de salida (SMTP) no contesta a tiempo."),
    certificate=N_("El certificado del servidor de salida (SMTP) no es de fiar."),
    cipher=N_("El servidor de salida (SMTP) no habla con ese cifrado."),
    lost=N_("Se cortó la conexión con el servidor de salida (SMTP)."),
    login=N_("El servidor de salida (SMTP) no acepta el usuario o la contraseña."),
    method=N_("El servidor de salida (SMTP) no admite esa forma de entrada."),
    busy=N_("El servidor de salida (SMTP) está ocupado."),
)
NO_FOLDER = N_("Falta en el servidor una de las carpetas de los ajustes.")
STEPS: dict[str, str] = {}
for _side in (IN, OUT):
    STEPS |= {
        _side.host: HOST_STEPS, _side.refused: PORT_STEPS, _side.silent: PORT_STEPS, _side.cipher: CIPHER_STEPS,
        _side.certificate: CERTIFICATE_STEPS, _side.lost: PORT_STEPS, _side.login: LOGIN_STEPS,
        _side.method: METHOD_STEPS, _side.busy: WAIT_STEPS,
    }  # fmt: skip


def what_to_do(trouble: NotReady | NeedsHuman) -> str:
    return trouble.what_to_do if isinstance(trouble, NeedsHuman) else STEPS.get(trouble.sentence, WAIT_STEPS)
