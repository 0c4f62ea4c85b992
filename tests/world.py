"""One small believable office: Ana and Beto answer, Carla leads sales, Diego administers, Irene keeps the machines."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from app.accounts import keys, matrix, opening, people, sessions, teams
from app.accounts.models import Team, User
from app.frame.actor import SYSTEM, Actor
from app.frame.office import Office

# argon2id of PASSWORD with light parameters: the tests hash a thousand times
PASSWORD = "el cafe de la tarde"
HASH = "$argon2id$v=19$m=64,t=1,p=1$syiuj84wSnn+6exwr5PsAg$mv8YsK7hi67pNptE401nepB/7/UAf+DQs9Xr+S7YxjY"
OFFICE = "Cafetalera Irazú"
PEOPLE = {
    "ana": ("Ana Solano", "agent", "Ventas"),
    "beto": ("Beto Chaves", "agent", "Soporte"),
    "carla": ("Carla Méndez", "lead", "Ventas"),
    "diego": ("Diego Rojas", "manager", ""),
    "irene": ("Irene Campos", "it", ""),
}


@dataclass
class World:
    """`world.ana` is her id; `await world.client_as("ana")` her browser; `await world.api_key_for("ana")` her key."""

    office: Office
    app: Any
    ids: dict[str, int] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)

    def __getattr__(self, name: str) -> int:
        if name in PEOPLE:
            return self.ids[name]
        raise AttributeError(name)

    async def client_as(self, name: str, **options: Any) -> Any:
        """A client that is logged in: a session row of its own, no password typed."""
        from tests.beds.offices import Client

        async with self.office.database.unit(actor=SYSTEM) as db:
            user = await people.get_person(db, self.ids[name])
            token = await sessions.open_session(db, user, life_h=24, ip="127.0.0.1", agent="Firefox/140 Linux")
        client = Client(self.app, **options)
        client.cookies.set("centralita", token, domain="office.test")
        await client.get("/entrar")  # a first page, so that the CSRF cookie is there
        return client

    async def api_key_for(self, name: str, scopes: list[str] | None = None) -> str:
        async with self.office.database.unit(actor=SYSTEM) as db:
            return await keys.create_key(db, await people.get_person(db, self.ids[name]), name="prueba", scopes=scopes)

    async def api_as(self, name: str, scopes: list[str] | None = None) -> Any:
        """A program with a key of that person's."""
        from tests.beds.offices import Client

        return Client(self.app, headers={"X-API-Key": await self.api_key_for(name, scopes)})

    async def actor(self, name: str) -> Actor:
        """The actor as the matrix makes it, for services called without HTTP."""
        async with self.office.database.unit(write=False) as db:
            user = await people.get_person(db, self.ids[name])
            cells = await matrix.cells(db)
            team_ids = tuple(await people.team_ids_of(db, user.id))
        grants = {p: scope for (role, p), scope in cells.items() if role == user.role and scope}
        return Actor(user_id=user.id, name=user.name, role=user.role, team_ids=team_ids, grants=grants, via="session")


async def make_world(office: Office, app: Any = None) -> World:
    """Open the office and put the five people and two teams in it, where they are not in it already."""
    world = World(office, app)
    await office.reload()
    if not office.profile.ready:
        await _move_in(office)
    async with office.database.unit(write=False) as db:
        world.ids = {email.partition("@")[0]: i for i, email in await db.execute(select(User.id, User.email))}
        world.teams = {name: i for i, name in await db.execute(select(Team.id, Team.name))}
    await office.reload()
    return world


async def _move_in(office: Office) -> None:
    async with office.database.unit(actor=SYSTEM) as db:
        first = opening.Admin(email="diego@irazu.example", name="Diego Rojas", role="manager", password_hash=HASH)
        said = opening.Opening(name=OFFICE, country="CR")
        await opening.complete_setup(db, said, first, matrix.declared(office.modules.values()))
    async with office.database.unit(actor=SYSTEM) as db:
        ids = {name: (await teams.create_team(db, name)).id for name in ("Soporte", "Ventas")}
        for key, (name, role, team) in PEOPLE.items():
            if key != "diego":
                at = [ids[team]] if team else []
                email = f"{key}@irazu.example"
                await people.create_person(db, email=email, name=name, role=role, password_hash=HASH, team_ids=at)
