"""What selenium and Chromium say when something does not work, in the words of a run."""

import contextlib
import http.client
import re
from collections.abc import Callable, Iterator

from selenium.common import exceptions as se
from urllib3.exceptions import HTTPError

from drivers.browser.outcome import Stopped
from drivers.browser.page import Boxed, Broken, Missing
from drivers.contract import N_

NOT_NOW = (
    se.StaleElementReferenceException, se.NoSuchElementException, se.ElementNotInteractableException,
    se.ElementClickInterceptedException, se.InvalidElementStateException, se.NoSuchFrameException,
    se.NoAlertPresentException, se.MoveTargetOutOfBoundsException, se.NoSuchShadowRootException,
)  # fmt: skip
# What there is instead of an answer: an error, nothing, half of one, or something that is none.
NO_ANSWER = (
    se.WebDriverException, HTTPError, http.client.HTTPException, OSError,
    TypeError, LookupError, ValueError, AttributeError, AssertionError,
)  # fmt: skip
BOX = N_("Paso %(step)s (%(verb)s): la página muestra un aviso. Agregue antes un paso «alert».")
SLOW = N_("Paso %(step)s (%(verb)s): la página no terminó de cargar a tiempo.")
CERTIFICATE = N_("Paso %(step)s (%(verb)s): el certificado del sitio no es de confianza.")
CLOSED = N_("Paso %(step)s (%(verb)s): la ventana ya está cerrada.")
CRASHED = N_("Paso %(step)s (%(verb)s): el navegador dejó de contestar.")
SELECTOR = N_("Paso %(step)s (%(verb)s): «%(selector)s» no sirve para buscar en la página.")
NETWORK = {
    "ERR_CERT": CERTIFICATE,
    "ERR_ABORTED": N_("Paso %(step)s (%(verb)s): la dirección entrega un archivo. Use «download»."),
    "": N_("Paso %(step)s (%(verb)s): no se llega al sitio. Revise la dirección y la red."),
}


@contextlib.contextmanager
def told(stopped: Callable[[], bool]) -> Iterator[None]:
    """Selenium's exceptions as Missing, Broken or Stopped."""
    try:
        yield
    except NOT_NOW as error:
        raise Missing from error
    except NO_ANSWER as error:
        if stopped():
            raise Stopped from error
        raise _broken(error) from error


def _broken(error: Exception) -> Broken:
    match error:
        case se.UnexpectedAlertPresentException():
            return Boxed(BOX)
        case se.TimeoutException():
            return Broken(SLOW, net=True)
        case se.InsecureCertificateException():
            return Broken(CERTIFICATE)
        case se.NoSuchWindowException():
            return Broken(CLOSED)
        case se.InvalidSelectorException():
            return Broken(SELECTOR, selector="?")
    found = re.search(r"net::(ERR_\w+)", getattr(error, "msg", None) or "")
    if found:
        return Broken(next(said for begins, said in NETWORK.items() if found[1].startswith(begins)), net=True)
    return Broken(CRASHED, net=True)
