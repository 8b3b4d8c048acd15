"""The smallest site of django-appointment, run inside its own environment: one service, one staff member, every day.

`python peer_site.py make FOLDER CLIENTS DAY` prints a session for each client, `serve FOLDER` its port and then
serves, `count FOLDER` the appointments there are. Everything is as Django makes it unless a comment says why not.
"""

import json
import socket
import sys
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import django  # type: ignore[import-not-found] # it lives in the other environment
from django.conf import settings  # type: ignore[import-not-found]
from django.core.management import call_command  # type: ignore[import-not-found]
from django.core.wsgi import get_wsgi_application  # type: ignore[import-not-found]
from django.urls import include, path  # type: ignore[import-not-found]
from gunicorn.app.base import BaseApplication

COMMAND, FOLDER = sys.argv[1], Path(sys.argv[2])
# The package writes its log to standard output, where the answer of a command belongs alone.
ANSWER, sys.stdout = sys.stdout, sys.stderr
APPS = ("auth", "contenttypes", "sessions", "messages", "staticfiles")
MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
)

settings.configure(
    SECRET_KEY="only for a comparison on loopback",  # noqa: S106 - nobody is protected by it
    ALLOWED_HOSTS=["localhost"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[*(f"django.contrib.{name}" for name in APPS), "phonenumber_field", "appointment"],
    MIDDLEWARE=list(MIDDLEWARE),
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "peer.db"}},
    STATIC_URL="static/",
    USE_TZ=True,
    # No mail leaves this machine.
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
)
django.setup()
urlpatterns = [path("", include("appointment.urls"))]

from appointment.models import Appointment, Service, StaffMember, WorkingHours  # type: ignore[import-not-found] # noqa: E402 - models are known after setup
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model  # type: ignore[import-not-found] # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # type: ignore[import-not-found] # noqa: E402


def make(clients: int) -> None:
    # The package ships no migrations, so its tables are made from its models.
    call_command("migrate", run_syncdb=True, verbosity=0)
    users = get_user_model().objects
    staff = StaffMember.objects.create(user=users.create_user("ola", "ola@example.org"), slot_duration=60)
    service = Service.objects.create(name="Talk", duration=timedelta(hours=1), price=0)
    staff.services_offered.add(service)
    for day in range(7):
        WorkingHours.objects.create(staff_member=staff, day_of_week=day, start_time=time(9), end_time=time(17))
    # Signed-in clients, so that no step by e-mail stands between a client and the appointment.
    sessions = [
        _session(users.create_user(f"client{number}", f"client{number}@example.org")) for number in range(clients)
    ]
    print(json.dumps({"sessions": sessions, "staff_member": staff.id, "service": service.id}), file=ANSWER)


def _session(user: Any) -> str:  # noqa: ANN401 - Django's user, untyped here
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session.create()
    return str(session.session_key)


class _Site(BaseApplication):  # type: ignore[misc]
    def load_config(self) -> None:
        """As many processes and threads as the portal has, no line kept open, and no line about any request."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        chosen = {"bind": f"127.0.0.1:{port}", "workers": 1, "threads": 8, "worker_class": "gthread"}
        quiet = {"keepalive": 0, "loglevel": "error", "control_socket_disable": True, "timeout": 60}
        for name, value in {**chosen, **quiet}.items():
            self.cfg.set(name, value)
        print(port, file=ANSWER, flush=True)

    def load(self) -> Any:  # noqa: ANN401 - a WSGI application
        return get_wsgi_application()


if COMMAND == "make":
    make(int(sys.argv[3]))
elif COMMAND == "serve":
    _Site().run()
else:
    print(Appointment.objects.count(), file=ANSWER)
