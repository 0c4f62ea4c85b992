"""In the child, a module's package is only a folder until somebody asks for what its `__init__` says.

`app.contacts.__init__` describes the whole module to the web process: importing it brings Litestar and every page,
60 MB and a second or more, before `app.contacts.imports.rows` can read its first row.
"""

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from types import ModuleType
from typing import Any


class Folder(ModuleType):
    """A package whose `__init__` runs when a name is missed that is none of its files, and only then."""

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("__") and find_spec(f"{self.__name__}.{name}"):
            return import_module(f"{self.__name__}.{name}")
        later = None if name.startswith("__") else self.__dict__.pop("_later", None)
        if later is None:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        later.exec_module(self)
        return getattr(self, name)


class LaterLoader(Loader):
    """Makes the folder and keeps the real loader for later."""

    def __init__(self, real: Loader) -> None:
        self.real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return Folder(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["_later"] = self.real


class ModulePackages(MetaPathFinder):
    """Finds `app.<module>`; leaves everything else, the frame too, to the ordinary finders."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.count(".") != 1 or not fullname.startswith("app.") or fullname == "app.frame":
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.loader is None or spec.submodule_search_locations is None:
            return None
        spec.loader = LaterLoader(spec.loader)
        return spec


def install() -> None:
    """Before the first function is imported."""
    sys.meta_path.insert(0, ModulePackages())
