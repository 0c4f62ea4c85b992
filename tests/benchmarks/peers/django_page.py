"""Django 5.2: a page of 50 contacts for a signed-in person, with its session and CSRF middleware."""

import os
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.auth.decorators import login_required
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from tests.benchmarks.dataset import PAGE
from tests.benchmarks.peers import ROW_HTML

DATA = Path(os.environ["BENCH_DATA"])
SQLITE = {"ENGINE": "django.db.backends.sqlite3", "CONN_MAX_AGE": None}
TEMPLATES = {"page.html": "{% csrf_token %}<table>{% for c in rows %}" + ROW_HTML + "{% endfor %}</table>"}

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={
        "default": {**SQLITE, "NAME": DATA / "django.db"},
        "contacts": {**SQLITE, "NAME": os.environ["BENCH_FILE"]},
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    LOGIN_URL="/sign-in",
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    ROOT_URLCONF=__name__,
    SECRET_KEY="of the bench alone",
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    ("django.template.loaders.cached.Loader", [("django.template.loaders.locmem.Loader", TEMPLATES)])
                ]
            },
        }
    ],
    USE_TZ=True,
)
django.setup()


class Contact(models.Model):
    name = models.TextField()
    company = models.TextField()
    phone = models.TextField()
    email = models.TextField()
    status = models.TextField()
    notes = models.TextField()
    tags = models.TextField()
    updated_at = models.DateTimeField()

    class Meta:
        app_label = "bench"
        db_table = "contact"
        managed = False


def sign_in(request: HttpRequest) -> HttpResponse:
    """Gives the bench a session as a real login would."""
    login(request, get_user_model().objects.get(username="ana"), backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponse("signed in")


@login_required
def page(request: HttpRequest) -> HttpResponse:
    before = int(request.GET.get("before", 2**60))
    rows = Contact.objects.using("contacts").filter(id__lt=before).order_by("-id")[:PAGE]
    return render(request, "page.html", {"rows": rows})


urlpatterns = [path("sign-in", sign_in), path("contacts", page)]

if not (DATA / "django.db").exists():
    call_command("migrate", verbosity=0)
    get_user_model().objects.create_user("ana")

application = get_wsgi_application()
