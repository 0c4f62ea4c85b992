"""The names that holidays go by, so that they are said in the reader's language too."""

from app.frame.i18n import N_, _

#: of Costa Rica and Mexico, as the `holidays` package has them in Spanish
NAMES = (
    N_("Anexión del Partido de Nicoya a Costa Rica"),
    N_("Anexión del Partido de Nicoya a Costa Rica (observado)"),
    N_("Año Nuevo"),
    N_("Día Internacional del Trabajo"),
    N_("Día Internacional del Trabajo (observado)"),
    N_("Día de Juan Santamaría"),
    N_("Día de Juan Santamaría (observado)"),
    N_("Día de la Constitución"),
    N_("Día de la Independencia"),
    N_("Día de la Independencia (observado)"),
    N_("Día de la Madre"),
    N_("Día de la Madre (observado)"),
    N_("Día de la Revolución"),
    N_("Día de las Culturas"),
    N_("Día de las Culturas (observado)"),
    N_("Día del Trabajo"),
    N_("Jueves Santo"),
    N_("Natalicio de Benito Juárez"),
    N_("Navidad"),
    N_("Transmisión del Poder Ejecutivo Federal"),
    N_("Viernes Santo"),
)


def said(name: str) -> str:
    """In the reader's language; where two fall on a day, both."""
    return "; ".join(_(part) for part in name.split("; ") if part)
