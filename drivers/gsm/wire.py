"""One serial port and its one thread, which alone touches it. Bytes go to the event loop and come from it."""

import asyncio
import contextlib
import errno
import os
import select
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

import serial

from drivers.contract import N_, NeedsHuman, NotReady
from drivers.gsm.owners import in_use

READ = 4096
WRITE_S = 5.0
GONE = N_("El módem de %(port)s se desconectó.")
STUCK = N_("El módem de %(port)s no acepta datos.")
MISSING = N_("No se encuentra el puerto %(port)s. Revise que el módem esté conectado.")
BUSY = N_("Otro programa usa el puerto %(port)s. Ciérrelo o elija otro puerto.")
FORBIDDEN = N_("Centralita no tiene permiso de usar el puerto %(port)s.")
FORBIDDEN_STEPS = N_("Agregue al usuario de Centralita al grupo dialout.\nReinicie Centralita y pulse Reintentar.")
ODD = N_("%(port)s no se deja abrir como puerto serie (%(why)s).")


class Wire:
    """`heard` gets the bytes, `lost` why it ended by itself; both on the event loop."""

    def __init__(self, port: str, speed: int, heard: Callable[[bytes], None], lost: Callable[[NotReady], None]) -> None:
        self.port = port
        self.speed = speed
        self._heard = heard
        self._lost = lost
        self._loop = asyncio.get_running_loop()
        self._opened: asyncio.Future[None] = self._loop.create_future()
        self._outgoing: deque[bytes] = deque()
        self._wake_out, self._wake_in = os.pipe()
        self._closing = False
        self._thread = threading.Thread(target=self._live, name=f"gsm {Path(port).name}", daemon=True)

    async def open(self, seconds: float = 5.0) -> None:
        """Raises NotReady, NeedsHuman. Whatever happens, `close` is due afterwards."""
        self._thread.start()
        try:
            async with asyncio.timeout(seconds):
                await self._opened
        except TimeoutError:
            raise NotReady(STUCK, port=self.port) from None

    def write(self, data: bytes) -> None:
        """At once from the thread's side; what the port does not take in time ends it as lost."""
        self._outgoing.append(data)
        self._poke()

    def close(self) -> None:
        """The thread is gone and the port is free when this returns; it takes milliseconds."""
        if self._closing:
            return
        self._closing = True
        if self._thread.is_alive():
            self._poke()
            self._thread.join(1.0)
        if self._thread.is_alive():  # stuck in the kernel: what it still waits on stays open
            return
        os.close(self._wake_in)
        os.close(self._wake_out)

    def _poke(self) -> None:
        with contextlib.suppress(OSError):  # closed meanwhile
            os.write(self._wake_in, b"!")

    def _live(self) -> None:
        """The thread."""
        try:
            opened = _open(self.port, self.speed)
        except (NotReady, NeedsHuman) as trouble:
            self._tell(self._settle, trouble)
            return
        try:
            self._tell(self._settle, None)
            self._pump(opened.fileno())
        except TimeoutError:  # an OSError too, so it is asked for first
            self._tell(self._lose, NotReady(STUCK, port=self.port))
        except OSError:
            self._tell(self._lose, NotReady(GONE, port=self.port))
        finally:
            _close(opened)

    def _pump(self, port: int) -> None:
        while not self._closing:
            sending = [port] if self._outgoing else []
            readable, writable, _ = select.select([port, self._wake_out], sending, [], WRITE_S if sending else None)
            if sending and not (readable or writable):
                raise TimeoutError
            if self._wake_out in readable:
                os.read(self._wake_out, READ)
            if port in readable:
                self._take(port)
            if writable and not self._closing:
                self._put(port)

    def _take(self, port: int) -> None:
        with contextlib.suppress(BlockingIOError):
            data = os.read(port, READ)
            if not data:
                raise OSError(errno.EIO, "the port ended")
            self._tell(self._hand, data)

    def _put(self, port: int) -> None:
        data = self._outgoing.popleft()
        with contextlib.suppress(BlockingIOError):
            data = data[os.write(port, data) :]
        if data:
            self._outgoing.appendleft(data)

    def _tell(self, what: Callable[..., None], *given: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop ended before us
            self._loop.call_soon_threadsafe(what, *given)

    def _settle(self, trouble: Exception | None) -> None:
        if self._opened.done():
            return
        if trouble is None:
            self._opened.set_result(None)
        else:
            self._opened.set_exception(trouble)

    def _hand(self, data: bytes) -> None:
        if not self._closing:
            self._heard(data)

    def _lose(self, why: NotReady) -> None:
        if not self._closing:
            self._lost(why)


def _open(port: str, speed: int) -> serial.Serial:
    """For us alone. Raises NotReady, NeedsHuman."""
    if in_use(port):
        raise NotReady(BUSY, port=port)
    try:
        return serial.Serial(port, speed, timeout=0, exclusive=True)
    except serial.SerialException as error:
        raise _trouble(port, error) from error
    except (OSError, ValueError) as error:
        raise NotReady(ODD, port=port, why=type(error).__name__) from error


def _trouble(port: str, error: serial.SerialException) -> NotReady | NeedsHuman:
    match error.errno:
        case errno.ENOENT | errno.ENODEV | errno.ENXIO:
            return NotReady(MISSING, port=port)
        case errno.EBUSY | errno.EAGAIN:
            return NotReady(BUSY, port=port)
        case errno.EACCES | errno.EPERM:
            return NeedsHuman(FORBIDDEN, FORBIDDEN_STEPS, port=port)
    return NotReady(ODD, port=port, why=errno.errorcode.get(error.errno or 0, "?"))


def _close(opened: serial.Serial) -> None:
    with contextlib.suppress(OSError, serial.SerialException):  # a port that was pulled out cannot be closed well
        opened.close()
