"""Django settings. Everything that differs between machines comes from the environment:

QINGSHAN_HOME     folder for the database, secret and uploads (default ./var)
DATABASE_URL      another database than the SQLite file in that folder
QINGSHAN_HOSTS    host names served, comma separated (default: loopback only)
QINGSHAN_HTTPS    1 where a proxy serves it by https: cookies and links then never leave https
QINGSHAN_PROXIES  how many proxies of one's own stand in front, so that a caller's address is known (default 0)
QINGSHAN_OIDC_ISSUER, _CLIENT, _SECRET, _CLAIM   sign-in by the district's own identity provider (see config/oidc.py)
QINGSHAN_TILES    address of map tiles, as https://…/{z}/{x}/{y}.png (default: none, maps have a plain ground)
QINGSHAN_TILES_ATTRIBUTION  whose tiles they are, as their licence wants it said
QINGSHAN_DEBUG    1 while developing
QINGSHAN_SITE     address of this site, for links in mails, such as https://qingshan.example
QINGSHAN_SMTP_HOST, _PORT, _USER, _PASSWORD, QINGSHAN_MAIL_FROM
                  the mail server of the daily digests; without one they are printed
"""

import gc
import os
import secrets
import tempfile
from datetime import timedelta
from pathlib import Path

import dj_database_url

from qingshan.config import oidc

# Rows and queries are many small objects that hardly ever form cycles: looked through for rubbish at every 700th of them, as Python
# would, a command takes a fifth longer.
gc.set_threshold(10_000)

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
QINGSHAN_TILES = os.environ.get("QINGSHAN_TILES", "")
QINGSHAN_TILES_ATTRIBUTION = os.environ.get("QINGSHAN_TILES_ATTRIBUTION", "")
ALLOWED_HOSTS = os.environ.get("QINGSHAN_HOSTS", "127.0.0.1,localhost,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "axes",
    "ninja",
    "qingshan.people",
    "qingshan.people.tokens",
    "qingshan.plan",
    "qingshan.plan.annual",
    "qingshan.evidence.figures",
    "qingshan.evidence.registers",
    "qingshan.evidence.registers.desk",
    "qingshan.evidence.reports",
    "qingshan.evidence.measurements",
    "qingshan.indicators",
    "qingshan.evaluation",
    "qingshan.evaluation.scores",
    "qingshan.coordination",
    "qingshan.coordination.incidents",
    "qingshan.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "qingshan.web.middleware.headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "qingshan.web.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "qingshan.web.middleware.Sessions",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "qingshan.web.middleware.FirstPassword",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "qingshan.web.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
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
    "callers": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "callers",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}

# How often the API may be asked in a minute: by one caller, and by an address that shows no token. Each server process counts.
API_PER_MINUTE = 600
API_PER_MINUTE_UNKNOWN = 60

AUTH_USER_MODEL = "people.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "qingshan.web.passwords.LongEnough"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]

# A session ends after two hours in which nothing was asked, and after twelve in any case.
SESSION_IDLE = 2 * 3600
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True

# Five wrong passwords lock an account for the network they came from: a whole office shares one address, and must not
# be locked out by one colleague, nor a colleague at work by someone elsewhere.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_CLIENT_IP_CALLABLE = "qingshan.web.callers.address_of"
AXES_LOCKOUT_CALLABLE = "qingshan.web.views.entry.locked_out"
AXES_VERBOSE = False

PROXIES = int(os.environ.get("QINGSHAN_PROXIES", "0"))
if os.environ.get("QINGSHAN_HTTPS") == "1":
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 365 * 86400
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

if OIDC := oidc.from_environment(os.environ):
    vars().update(OIDC)
    AUTHENTICATION_BACKENDS.append("qingshan.web.provider.Provider")

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
OBSERVATIONS = os.environ.get("QINGSHAN_OBSERVATIONS", str(HOME / "observations"))
# What `qingshan backup` takes beside the database, by its name in the archive. Object storage has backups of its own.
BACKED_UP = {"files": MEDIA_ROOT} | ({} if "://" in OBSERVATIONS else {"observations": Path(OBSERVATIONS)})

# Digests by mail: printed until a mail server is named.
SITE = os.environ.get("QINGSHAN_SITE", "")
EMAIL_HOST = os.environ.get("QINGSHAN_SMTP_HOST", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_PORT = int(os.environ.get("QINGSHAN_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("QINGSHAN_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("QINGSHAN_SMTP_PASSWORD", "")
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("QINGSHAN_MAIL_FROM", "qingshan@localhost")

# A plan document is text; a hundred megabytes of it is a mistake, and is refused with a sentence by the reader.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
