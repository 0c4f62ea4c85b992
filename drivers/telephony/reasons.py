"""Why the agent's phone was not reached: the Reason of an OriginateResponse (Asterisk's control frames)."""

from drivers.contract import N_

SENTENCES = {
    "0": N_("La central no pudo llamar al teléfono del puesto. Revise la extensión."),
    "1": N_("El teléfono del puesto colgó."),
    "3": N_("El teléfono del puesto no contestó."),
    "5": N_("El teléfono del puesto está ocupado."),
    "8": N_("El teléfono del puesto no está disponible. Revise que esté encendido y registrado."),
}


def sentence(reason: str) -> str:
    return SENTENCES.get(reason, SENTENCES["0"])
