"""Believable people for an office to click through, without passwords: `admin reset-password` gives them one."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import people, teams
from app.accounts.models import Team
from app.accounts.password_rules import fold

TEAMS = ("Ventas", "Soporte", "Cobros")
PEOPLE = (
    ("Gabriela Ureña", "lead", "Ventas"),
    ("Marvin Quesada", "agent", "Ventas"),
    ("Yorleny Picado", "agent", "Ventas"),
    ("Esteban Villalobos", "agent", "Ventas"),
    ("Karla Jiménez", "lead", "Soporte"),
    ("Luis Diego Arce", "agent", "Soporte"),
    ("María Fernanda López", "agent", "Soporte"),
    ("Jorge Ibarra", "lead", "Cobros"),
    ("Xinia Castro", "agent", "Cobros"),
    ("Rodolfo Mena", "manager", ""),
    ("Silvia Monge", "it", ""),
)


async def demo(db: AsyncSession) -> None:
    """Teams and people; those who are there already stay as they are."""
    known = dict((await db.execute(select(Team.name, Team.id))).tuples().all())
    for name in TEAMS:
        if name not in known:
            known[name] = (await teams.create_team(db, name)).id
    for name, role, team in PEOPLE:
        email = f"{'.'.join(fold(word) for word in name.split()[:2])}@demo.example"
        if await people.by_login(db, email) is None:
            team_ids = [known[team]] if team else []
            await people.create_person(db, email=email, name=name, role=role, team_ids=team_ids)
