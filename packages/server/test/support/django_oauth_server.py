"""django-oauth-toolkit (Debian: python3-django-oauth-toolkit) with its own views, one person, one client and an API, all in memory.

Settings come as JSON on the first argument. Prints one JSON line a fact: first `{"port": …}`, then each token and revocation request.
"""

import json
import os
import sys
import threading
from io import BytesIO
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings

GIVEN = json.loads(sys.argv[1])

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:", "CONN_MAX_AGE": None}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "oauth2_provider"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware", "__main__.signed_in"],
    OAUTH2_PROVIDER={
        "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
        "OIDC_ENABLED": True,
        "OIDC_RSA_PRIVATE_KEY": GIVEN["private_key"],
        "PKCE_REQUIRED": True,
        "SCOPES": {"openid": "Who you are", "contacts.read": "Read your contacts"},
    },
    PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ROOT_URLCONF="__main__",
    SECRET_KEY=GIVEN["secret_key"],
    USE_TZ=True,
)


def signed_in(get_response):
    """Everyone at the authorization endpoint is una."""

    def middleware(request):
        from django.contrib.auth import get_user_model

        request.user = get_user_model().objects.get(username="una")
        return get_response(request)

    return middleware


def told(**fact):
    print(json.dumps(fact), flush=True)


django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import JsonResponse  # noqa: E402
from django.urls import include, path  # noqa: E402
from django.utils import timezone  # noqa: E402
from oauth2_provider.models import AccessToken, Application, RefreshToken  # noqa: E402
from oauth2_provider.views import ProtectedResourceView  # noqa: E402


class Me(ProtectedResourceView):
    def get(self, request):
        return JsonResponse({"hello": "from the API"})


def alive(request):
    """How many tokens the server would still take."""
    access = AccessToken.objects.filter(expires__gt=timezone.now()).count()
    return JsonResponse({"alive": access + RefreshToken.objects.filter(revoked__isnull=True).count()})


urlpatterns = [
    path("api/me", Me.as_view()),
    path("alive", alive),
    path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
]


class Recorded:
    """Tells what arrives at the token and the revocation endpoint before the views see it."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] in ("/o/token/", "/o/revoke_token/"):
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            sent = parse_qs(body.decode())
            told(path=environ["PATH_INFO"], grant=sent.get("grant_type", [None])[0], token=sent.get("token", [None])[0])
        return self.application(environ, start_response)


class Patient(WSGIServer):
    """One request after the other, as the store in memory wants it; those that wait are not turned away."""

    request_queue_size = 128


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


def ended_with_parent():
    """Whoever started us holds our standard input open."""
    sys.stdin.read()
    os._exit(0)


call_command("migrate", verbosity=0)
una = get_user_model().objects.create(username="una", last_login=timezone.now())
Application.objects.create(
    name="Behalf",
    user=una,
    client_id="behalf",
    client_secret=GIVEN["client_secret"],
    client_type=Application.CLIENT_CONFIDENTIAL,
    authorization_grant_type=Application.GRANT_AUTHORIZATION_CODE,
    redirect_uris=GIVEN["redirect_uri"],
    skip_authorization=True,
    algorithm=Application.RS256_ALGORITHM,
)
server = make_server("127.0.0.1", 0, Recorded(get_wsgi_application()), Patient, Quiet)
threading.Thread(target=ended_with_parent, daemon=True).start()
told(port=server.server_port)
server.serve_forever()
