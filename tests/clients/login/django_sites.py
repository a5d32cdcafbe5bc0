"""Django as it comes: the admin's own login form, and django-allauth's. Usage: django_sites.py PORT DIR"""
import os
import sys

import django
from django.conf import settings
from django.core.management import call_command

port, folder = sys.argv[1], sys.argv[2]
settings.configure(
    DEBUG=True, SECRET_KEY=os.urandom(16).hex(), ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF="urls", USE_TZ=True,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.path.join(folder, f"db{port}")}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField", LOGIN_REDIRECT_URL="/admin/", STATIC_URL="static/", SITE_ID=1,
    INSTALLED_APPS=["django.contrib." + a for a in ("admin", "auth", "contenttypes", "sessions", "messages", "sites")]
    + ["allauth", "allauth.account"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
                "django.contrib.auth.middleware.AuthenticationMiddleware",
                "django.contrib.messages.middleware.MessageMiddleware", "allauth.account.middleware.AccountMiddleware"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {
        "context_processors": ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
                               "django.contrib.messages.context_processors.messages"]}}],
    AUTHENTICATION_BACKENDS=["django.contrib.auth.backends.ModelBackend",
                             "allauth.account.auth_backends.AuthenticationBackend"],
    ACCOUNT_RATE_LIMITS=False)
django.setup()

import types  # noqa: E402

from django.contrib import admin  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.urls import include, path  # noqa: E402

sys.modules["urls"] = types.ModuleType("urls")
sys.modules["urls"].urlpatterns = [path("admin/", admin.site.urls), path("accounts/", include("allauth.urls"))]
call_command("migrate", verbosity=0)
get_user_model().objects.create_superuser(os.environ["SMOKE_USER"], "smoke@example.com", os.environ["SMOKE_PASSWORD"])
call_command("runserver", f"127.0.0.1:{port}", use_reloader=False, verbosity=0)
