"""Countries by name or code in Spanish and English; provinces of Costa Rica and states of Mexico."""

from functools import cache

from babel import Locale
from phonenumbers import SUPPORTED_REGIONS

from app.contacts.imports.folding import folded

ALIASES = {
    "eeuu": "US", "ee uu": "US", "usa": "US", "estados unidos de america": "US", "inglaterra": "GB", "mejico": "MX",
    "mex": "MX", "cri": "CR", "c r": "CR", "costarica": "CR", "corea": "KR", "holanda": "NL", "costarricense": "CR",
    "mexicano": "MX", "mexicana": "MX", "nicaraguense": "NI", "tico": "CR", "tica": "CR",
}  # fmt: skip
PROVINCES = """San José, Alajuela, Cartago, Heredia, Guanacaste, Puntarenas, Limón, Aguascalientes, Baja California,
    Baja California Sur, Campeche, Chiapas, Chihuahua, Ciudad de México, CDMX, Coahuila, Colima, Durango, Guanajuato,
    Guerrero, Hidalgo, Jalisco, Estado de México, Edomex, Michoacán, Morelos, Nayarit, Nuevo León, Oaxaca, Puebla,
    Querétaro, Quintana Roo, San Luis Potosí, Sinaloa, Sonora, Tabasco, Tamaulipas, Tlaxcala, Veracruz, Yucatán,
    Zacatecas"""

_PROVINCES = frozenset(folded(name) for name in PROVINCES.split(","))


@cache
def _countries() -> dict[str, str]:
    names = {
        folded(str(name)): code
        for language in ("es", "en")
        for code, name in Locale(language).territories.items()
        if code in SUPPORTED_REGIONS
    }
    return names | {code.lower(): code for code in SUPPORTED_REGIONS if len(code) == 2} | ALIASES


@cache
def country_code(text: str) -> str | None:
    """ "CR" for ``Costa Rica``, ``cr``, ``CRI``. None for what is no country."""
    return _countries().get(folded(text))


@cache
def is_province(text: str) -> bool:
    return folded(text) in _PROVINCES
