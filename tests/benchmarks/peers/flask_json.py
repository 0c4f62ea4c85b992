"""Flask and SQLAlchemy: JSON of 50 contacts, of every contact (as the older tool answers), and one insert."""

import os
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, jsonify, request
from sqlalchemy import create_engine, event, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from tests.benchmarks.dataset import COLUMNS, PAGE

application = Flask(__name__)
engine = create_engine(f"sqlite:///{os.environ['BENCH_FILE']}", connect_args={"timeout": 30})


@event.listens_for(engine, "connect")
def pragmas(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


class Base(DeclarativeBase):
    pass


class Contact(Base):
    __tablename__ = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    company: Mapped[str]
    phone: Mapped[str]
    email: Mapped[str]
    status: Mapped[str]
    notes: Mapped[str]
    tags: Mapped[str]
    updated_at: Mapped[str]

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in COLUMNS}


@application.get("/contacts")
def page() -> Response:
    before = request.args.get("before", 2**60, type=int)
    with Session(engine) as db:
        rows = db.scalars(select(Contact).where(Contact.id < before).order_by(Contact.id.desc()).limit(PAGE))
        return jsonify(items=[row.as_dict() for row in rows])


@application.get("/all")
def everything() -> Response:
    with Session(engine) as db:
        return jsonify([row.as_dict() for row in db.scalars(select(Contact))])


@application.post("/contacts")
def add() -> tuple[Response, int]:
    given = request.get_json()
    with Session(engine) as db:
        contact = Contact(
            name=given["name"],
            company="",
            phone=given["phone"],
            email="",
            status="SIN GESTIONAR",
            notes="",
            tags="",
            updated_at=datetime.now(UTC).isoformat(),
        )
        db.add(contact)
        db.commit()
        return jsonify(contact.as_dict()), 201
