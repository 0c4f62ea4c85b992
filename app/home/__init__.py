"""Home: the first page after the login. It knows no figures of its own; modules offer panels for the slot `home`."""

from app.frame.i18n import N_
from app.frame.module import Module, Nav, Permission
from app.home.pages import home

module = Module(
    name="home",
    title=N_("Inicio"),
    routes=(home,),
    nav=(Nav(N_("Inicio"), "/", icon="board", permission="home.view", key="t"),),
    permissions=(Permission("home.view", N_("Ver el inicio"), "all", "all", scoped=False),),
)
