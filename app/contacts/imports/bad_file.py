"""Why a file cannot be imported: a code for programs, a sentence for people."""

from typing import Any

from app.frame.i18n import N_, _

SENTENCES = {
    "missing": N_("El archivo ya no está. Súbalo de nuevo."),
    "empty": N_("El archivo no tiene datos."),
    "too_big": N_("El archivo pesa %(size)s MB y el máximo es %(limit)s MB. Divídalo en partes."),
    "too_many_rows": N_("La hoja tiene más de %(limit)s filas. Divídala en partes."),
    "too_wide": N_(
        "La hoja «%(sheet)s» ocupa %(rows)s filas por %(columns)s columnas. Borre las celdas sueltas lejos de la tabla."
    ),
    "no_sheet": N_("El libro no tiene una hoja llamada «%(sheet)s»."),
    "encrypted": N_("El archivo tiene contraseña. Ábralo, quítesela, guárdelo y súbalo de nuevo."),
    "broken": N_("El archivo está dañado o incompleto. Ábralo en su computadora, guárdelo otra vez y súbalo de nuevo."),
    "bomb": N_("El archivo se expande a un tamaño desmedido y no se abre por seguridad."),
    "web_page": N_("El archivo es una página web guardada como Excel. Ábralo en Excel y guárdelo como .xlsx."),
    "old_xml": N_("El archivo es XML de Excel 2003. Ábralo en Excel y guárdelo como .xlsx."),
    "old_excel": N_("El archivo es de un Excel anterior a 1997. Ábralo en Excel y guárdelo como .xlsx."),
    "other_kind": N_("El archivo es %(kind)s. Se importan .xlsx, .xls, .ods, .csv y .vcf."),
    "not_text": N_("El archivo no es una hoja de cálculo, ni texto, ni tarjetas de contacto."),
    "no_way_to_reach": N_("Ninguna columna es un teléfono ni un correo. Indique cuál lo es."),
    "no_cards": N_("El archivo no contiene tarjetas de contacto."),
}


class BadFile(Exception):
    """A refused file. `code` is a key of SENTENCES; `details` fill its sentence."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details

    @property
    def sentence(self) -> str:
        return _(SENTENCES[self.code], **{name: shown(value) for name, value in self.details.items()})

    def __str__(self) -> str:
        return self.sentence


def shown(value: Any) -> Any:
    """Numbers with their thousands apart."""
    return f"{value:,}".replace(",", "\u00a0") if isinstance(value, int) else value
