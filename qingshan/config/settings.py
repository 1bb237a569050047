"""Django settings. Everything that differs between machines comes from the environment:

QINGSHAN_HOME     folder for the database, secret and uploads (default ./var)
DATABASE_URL      another database than the SQLite file in that folder
QINGSHAN_HOSTS    host names served, comma separated (default: loopback only)
QINGSHAN_DEBUG    1 while developing
"""

import os
import secrets
import tempfile
from pathlib import Path

import dj_database_url

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("QINGSHAN_HOME", "var")).resolve()


def _secret_key() -> str:
    """A key of this home's own, made once and readable by its owner alone."""
    if key := os.environ.get("QINGSHAN_SECRET_KEY"):
        return key
    HOME.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = HOME / "secret-key"
    if not path.exists():
        _put_key(path)
    return path.read_text()


def _put_key(path: Path) -> None:
    """Write a key that other processes starting at the same moment see whole or not at all; the first one counts."""
    handle, name = tempfile.mkstemp(dir=path.parent)  # readable by its owner alone
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    try:
        os.link(name, path)
    except FileExistsError:
        pass
    except OSError:  # a disk without links
        os.replace(name, path)
    Path(name).unlink(missing_ok=True)


SECRET_KEY = _secret_key()
DEBUG = os.environ.get("QINGSHAN_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("QINGSHAN_HOSTS", "127.0.0.1,localhost,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "qingshan.people",
    "qingshan.plan",
    "qingshan.plan.annual",
    "qingshan.evidence.figures",
    "qingshan.evidence.registers",
    "qingshan.indicators",
    "qingshan.evaluation",
    "qingshan.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "qingshan.web.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "qingshan.web.middleware.Refusals",
]

ROOT_URLCONF = "qingshan.config.urls"
WSGI_APPLICATION = "qingshan.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qingshan.web.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "qingshan.web.templatetags.qingshan",
            ],
        },
    }
]

DATABASES = {"default": dj_database_url.config(default=f"sqlite:///{HOME / 'qingshan.sqlite3'}", conn_max_age=60)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A writer takes its lock at the start and waits for its turn, so that two writers never fail half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }

# Finished pages, kept in each server process until something is written (see web/pages.py).
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 1000}},
}

AUTH_USER_MODEL = "people.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [ROOT / "qingshan" / "web" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "qingshan.web.assets.Packages",  # the few files of node_modules that pages load
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
MEDIA_ROOT = HOME / "files"
BACKED_UP = [MEDIA_ROOT, HOME / "observations"]  # what `qingshan backup` takes beside the database

# A plan document is text; a hundred megabytes of it is a mistake, and is refused with a sentence by the reader.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
