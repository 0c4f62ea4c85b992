"""Parts of libraries that the office never uses are not loaded: they would cost memory for months, and time at each
start. The libraries take them where they find them installed, for others of our processes and for the tests."""

import ctypes
import gc
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

UNUSED = {"advanced_alchemy.types": ("numpy", "pydantic", "attrs", "attr", "cattrs")}
YOUNG = 5000  # new objects before the collector looks among them
LOADING = 1_000_000  # the same until everything is loaded: what is made then stays


def load() -> None:
    """Before anything else loads these libraries: without their optional parts, which stay free for later imports."""
    gc.set_threshold(LOADING, 50, 50)
    for library, parts in UNUSED.items():
        with absent(*parts):
            importlib.import_module(library)


@contextmanager
def absent(*parts: str) -> Iterator[None]:
    """As though they were not installed. What is loaded already stays as it is."""
    unloaded = [name for name in parts if name not in sys.modules]
    sys.modules.update(dict.fromkeys(unloaded))  # type: ignore[arg-type]  # None is how Python writes «not to be found»
    try:
        yield
    finally:
        for name in unloaded:
            del sys.modules[name]


def settle() -> None:
    """Once everything is loaded: give back what was needed only for that, and let the collector leave the rest alone,
    which it would walk through again and again while people wait for a page."""
    gc.collect()
    with suppress(OSError, AttributeError):  # only glibc can
        ctypes.CDLL(None).malloc_trim(0)
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)
