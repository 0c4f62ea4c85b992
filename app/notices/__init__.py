"""Notices: the bell. What happened while somebody looked elsewhere waits there until they have seen it."""

from app.frame.i18n import N_
from app.frame.module import Every, Job, Module, Permission, Topic
from app.notices import pages, service
from app.notices.jobs import tidy

module = Module(
    name="notices",
    title=N_("Avisos"),
    routes=pages.routes,
    permissions=(Permission("notices.view", N_("Recibir avisos"), "all", "all", scoped=False),),
    words={"bell_url": "/avisos/campana", "bell_permission": "notices.view"},
    filters={"said": service.said},
    jobs={"notices.tidy": Job(tidy)},
    schedules=(Every("notices.tidy", cron="50 3 * * *"),),
    topics=(Topic(service.TOPIC, "notices.view", look=service.hears),),
)
