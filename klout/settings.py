"""Settings, all of them from the environment (`docs/settings.md` lists each variable)."""

import base64
import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import django_stubs_ext
from cryptography.fernet import Fernet, MultiFernet
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from klout import logs, schedule
from klout.env import env_bool, env_int, env_list, env_origins, env_secret, env_str, env_url

# Lets classes be written as ModelForm[Report]: typed for mypy, plain for Django.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

# --- How this copy runs -------------------------------------------------------------------------
DEBUG = env_bool("DEBUG", False, help="Developer's mode: error pages, and LOCAL_ORIGINS allowed.")
VAR_DIR = Path(env_str("VAR_DIR", str(BASE_DIR / "var"), help="Folder of data, sockets, uploads."))
SITE_URL = env_url(
    "SITE_URL", "http://127.0.0.1:8000", help="The public address; links in e-mails and OAuth."
)
ALLOWED_HOSTS = env_list(
    "ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]", help="Host names this copy answers to."
)
CONTACT = env_str(
    "CONTACT", "operator@localhost", help="Operator's address, told to networks and people."
)
LOG_LEVEL = env_str("LOG_LEVEL", "INFO", help="DEBUG, INFO, WARNING or ERROR.")
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
    raise ImproperlyConfigured(f"LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR, not {LOG_LEVEL}.")

# --- Secrets ------------------------------------------------------------------------------------
_DEVELOPMENT_KEY = "development-only-never-in-production"
SECRET_KEY = env_secret("SECRET_KEY", "", help="Signs sessions and forms; 50 random characters.")
TOKEN_KEYS = [
    key.strip()
    for key in env_secret(
        "TOKEN_KEYS", "", help="Fernet keys that encrypt stored credentials, newest first."
    ).split(",")
    if key.strip()
]
OPT_OUT_KEY = env_secret("OPT_OUT_KEY", "", help="Keys the hashes of opted-out accounts.")
if DEBUG:
    SECRET_KEY = SECRET_KEY or _DEVELOPMENT_KEY
    OPT_OUT_KEY = OPT_OUT_KEY or _DEVELOPMENT_KEY
    TOKEN_KEYS = TOKEN_KEYS or [
        base64.urlsafe_b64encode(hashlib.sha256(_DEVELOPMENT_KEY.encode()).digest()).decode()
    ]
for _name, _value in {
    "SECRET_KEY": SECRET_KEY,
    "TOKEN_KEYS": TOKEN_KEYS,
    "OPT_OUT_KEY": OPT_OUT_KEY,
}.items():
    if not _value or (not DEBUG and _DEVELOPMENT_KEY in _value):
        raise ImproperlyConfigured(f"{_name} must be set to a secret of your own (or DEBUG=1).")
try:
    MultiFernet([Fernet(key) for key in TOKEN_KEYS])
except ValueError:
    raise ImproperlyConfigured(
        "TOKEN_KEYS must hold Fernet keys: 32 random bytes in base64 each, separated by commas."
    ) from None

# --- Applications -------------------------------------------------------------------------------
INSTALLED_APPS = [
    "people",
    "connectors",
    "scoring",
    "scoring.topics",
    "scoring.questions",
    "perks",
    "dashboard",
    "klout",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.facebook",
    "allauth.socialaccount.providers.github",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_htmx",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "people.middleware.PreferencesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dashboard.not_found.NotFoundMiddleware",
]
ROOT_URLCONF = "klout.urls"
WSGI_APPLICATION = "klout.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "dashboard.context.site",
            ],
        },
    },
]

# --- PostgreSQL and the broker ------------------------------------------------------------------
DATABASE_URL = env_secret(
    "DATABASE_URL", "", help="PostgreSQL to use; `make run` starts its own where unset."
)
try:
    _database = dj_database_url.parse(
        DATABASE_URL or "postgresql://postgres@%2Fnonexistent/klout",
        conn_max_age=60,
        conn_health_checks=True,
    )
except ValueError:
    _database = {}
if _database.get("ENGINE") != "django.db.backends.postgresql":
    # The value itself holds a password.
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL server (postgresql://…).")
DATABASES: dict[str, Any] = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env_str(
    "REDIS_URL",
    "redis://127.0.0.1:6379/0",
    help="Redis or Valkey server: redis://…, rediss://… or unix:///path.",
)
_redis_scheme = urlsplit(REDIS_URL).scheme
if _redis_scheme not in {"redis", "rediss", "unix"}:
    raise ImproperlyConfigured("REDIS_URL must begin with redis://, rediss:// or unix://.")
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "klout",
    }
}

# --- Celery (what runs when: klout/schedule.py) -------------------------------------------------
# kombu's spelling of a socket and of the database's number.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace(
    "?db=", "?virtual_host=", 1
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A killed worker's message comes back only after the visibility time-out, which must exceed the
# longest task; nobody waits for it, as the minute tasks find from rows what is not done. Looking at
# every tick (the throttle) keeps that moment from slipping by minutes.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "unacked_restore_throttle": 1}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 3000
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = schedule.BEAT_SCHEDULE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

# --- People and sign-in -------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SESSION_ENGINE = "people.sessions"
MINIMUM_AGE_YEARS = 16
LOGIN_REDIRECT_URL = "/score/"
LOGIN_URL = "/accounts/login/"
ACCOUNT_ADAPTER = "people.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "people.adapters.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none" if DEBUG else "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SIGNUP_FORM_CLASS = "people.forms.AgeForm"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USER_DISPLAY = "people.signup.display_name"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# A password reset for an address without an account stays silent: nothing is sent to strangers.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = SITE_URL.partition(":")[0]
ACCOUNT_CHANGE_EMAIL = True
MFA_ADAPTER = "people.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Klout"
# Browsers offer passkeys on http://localhost, which has no certificate.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
SOCIALACCOUNT_LOGIN_ON_GET = False
# An equal e-mail address at a network is no proof: a second network is added when signed in.
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_AUTO_SIGNUP = False
# Sign-in with a network is offered where its keys are given; pages leave the others out.
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {}
_SIGN_IN_ORIGINS: list[str] = []
for _provider, _origin, _id, _secret, _scope in (
    (
        "github",
        "https://github.com",
        env_str("SOCIAL_GITHUB_ID", "", help="OAuth client id at GitHub: offers sign-in with it."),
        env_secret("SOCIAL_GITHUB_SECRET", "", help="OAuth client secret at GitHub."),
        ["user:email"],
    ),
    (
        "google",
        "https://accounts.google.com",
        env_str("SOCIAL_GOOGLE_ID", "", help="OAuth client id at Google: offers sign-in with it."),
        env_secret("SOCIAL_GOOGLE_SECRET", "", help="OAuth client secret at Google."),
        ["profile", "email"],
    ),
    (
        "facebook",
        "https://www.facebook.com",
        env_str("SOCIAL_FACEBOOK_ID", "", help="App id at Meta: offers sign-in with Facebook."),
        env_secret("SOCIAL_FACEBOOK_SECRET", "", help="App secret at Meta, for sign-in."),
        ["public_profile", "email"],
    ),
):
    if bool(_id) != bool(_secret):
        raise ImproperlyConfigured(
            f"SOCIAL_{_provider.upper()}_ID and SOCIAL_{_provider.upper()}_SECRET need each other."
        )
    if _id:
        _SIGN_IN_ORIGINS.append(_origin)
        SOCIALACCOUNT_PROVIDERS[_provider] = {
            "APPS": [{"client_id": _id, "secret": _secret, "key": ""}],
            "SCOPE": _scope,
            "OAUTH_PKCE_ENABLED": True,
        }
if "facebook" in SOCIALACCOUNT_PROVIDERS:
    # The version that allauth has built in ended in May 2026.
    SOCIALACCOUNT_PROVIDERS["facebook"] |= {
        "METHOD": "oauth2",
        "VERSION": "v26.0",
        "FIELDS": ["id", "name", "email"],
        "VERIFIED_EMAIL": False,
    }
_id = env_str("SOCIAL_LINKEDIN_ID", "", help="OAuth client id at LinkedIn: offers sign-in with it.")
_secret = env_secret("SOCIAL_LINKEDIN_SECRET", "", help="OAuth client secret at LinkedIn.")
if bool(_id) != bool(_secret):
    raise ImproperlyConfigured("SOCIAL_LINKEDIN_ID and SOCIAL_LINKEDIN_SECRET need each other.")
if _id:
    # allauth's own provider of that name asks for scopes that LinkedIn has retired.
    _SIGN_IN_ORIGINS.append("https://www.linkedin.com")
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "linkedin",
                "name": "LinkedIn",
                "client_id": _id,
                "secret": _secret,
                "settings": {"server_url": "https://www.linkedin.com/oauth"},
            }
        ],
        "SCOPE": ["openid", "profile", "email"],
    }
EMAIL_BACKEND = env_str(
    "EMAIL_BACKEND",
    "django.core.mail.backends.console.EmailBackend",
    help="Django e-mail backend (a dotted path).",
)
EMAIL_HOST = env_str("EMAIL_HOST", "localhost", help="Mail server, for the SMTP backend.")
EMAIL_PORT = env_int("EMAIL_PORT", 25, low=1, high=65535, help="Its port; often 587 or 465.")
EMAIL_HOST_USER = env_str("EMAIL_USER", "", help="Log-in at the mail server.")
EMAIL_HOST_PASSWORD = env_secret("EMAIL_PASSWORD", "", help="Password at the mail server.")
_email_security = env_str("EMAIL_SECURITY", "none", help="none, starttls (587) or tls (465).")
if _email_security not in {"none", "starttls", "tls"}:
    raise ImproperlyConfigured("EMAIL_SECURITY must be none, starttls or tls.")
EMAIL_USE_TLS = _email_security == "starttls"
EMAIL_USE_SSL = _email_security == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env_str("FROM_EMAIL", "klout@localhost", help="Sender of our e-mails.")
OPERATOR_LETTERS = env_bool(
    "OPERATOR_LETTERS", True, help="Tell operators by e-mail in their morning what waits for them."
)

# --- Networks -----------------------------------------------------------------------------------
SAMPLE_NETWORK = env_bool(
    "SAMPLE_NETWORK", False, help="Offer the sample network (invented people) to link and look up."
)
SAMPLE_NETWORK_URL = env_url(
    "SAMPLE_NETWORK_URL", "http://127.0.0.1:8010", help="Where the sample network answers."
)
SAMPLE_CLIENT_ID = env_str("SAMPLE_CLIENT_ID", "klout", help="Our OAuth id at the sample network.")
SAMPLE_CLIENT_SECRET = env_secret(
    "SAMPLE_CLIENT_SECRET", "sample-network-secret", help="Our OAuth secret at the sample network."
)
SAMPLE_PEOPLE = env_int(
    "SAMPLE_PEOPLE", 600, low=40, high=100_000, help="People of the sample network."
)
SAMPLE_DAYS = env_int("SAMPLE_DAYS", 120, low=7, high=730, help="Days of history they have.")
SAMPLE_SEED = env_int("SAMPLE_SEED", 7, low=0, high=2**31, help="Seed of the sample population.")
DEMO_PASSWORD = env_secret(
    "DEMO_PASSWORD", "", help="Password of the sample's log-in; `manage.py up` makes one."
)
BLUESKY_APPVIEW_URL = env_url(
    "BLUESKY_APPVIEW_URL", "https://public.api.bsky.app", help="Bluesky's public AppView."
)
BLUESKY_PLC_URL = env_url(
    "BLUESKY_PLC_URL", "https://plc.directory", help="Directory of did:plc identities."
)
BLUESKY_PDS_URL = env_url(
    "BLUESKY_PDS_URL", "https://bsky.social", help="PDS asked first for handles without a server."
)
MASTODON_DEFAULT_SERVER = env_str(
    "MASTODON_DEFAULT_SERVER", "mastodon.social", help="Server offered in the Mastodon form."
)
HACKERNEWS_URL = env_url(
    "HACKERNEWS_URL", "https://hacker-news.firebaseio.com", help="Hacker News' own API."
)
HACKERNEWS_SEARCH_URL = env_url(
    "HACKERNEWS_SEARCH_URL", "https://hn.algolia.com", help="Hacker News' search and threads."
)
STACKEXCHANGE_URL = env_url(
    "STACKEXCHANGE_URL", "https://api.stackexchange.com", help="Stack Exchange's API."
)
YAMMER_API_URL = env_url("YAMMER_API_URL", "https://www.yammer.com", help="Viva Engage's API.")
YAMMER_OAUTH_URL = env_url(
    "YAMMER_OAUTH_URL",
    "https://login.microsoftonline.com/organizations/oauth2/v2.0",
    help="Microsoft Entra: put your tenant in the place of organizations to let only it in.",
)
TIKTOK_API_URL = env_url(
    "TIKTOK_API_URL", "https://open.tiktokapis.com", help="TikTok's Display API."
)
TIKTOK_AUTHORIZE_URL = env_url(
    "TIKTOK_AUTHORIZE_URL",
    "https://www.tiktok.com/v2/auth/authorize/",
    help="Where people say yes at TikTok.",
)
REDDIT_API_URL = env_url("REDDIT_API_URL", "https://oauth.reddit.com", help="Reddit's API.")
REDDIT_AUTHORIZE_URL = env_url(
    "REDDIT_AUTHORIZE_URL",
    "https://www.reddit.com",
    help="Where people say yes at Reddit, and where its tokens are given.",
)
TWITCH_API_URL = env_url("TWITCH_API_URL", "https://api.twitch.tv", help="Twitch's API.")
TWITCH_OAUTH_URL = env_url(
    "TWITCH_OAUTH_URL",
    "https://id.twitch.tv/oauth2",
    help="Where people say yes at Twitch, and where it gives tokens.",
)
FOURSQUARE_API_URL = env_url(
    "FOURSQUARE_API_URL", "https://api.foursquare.com", help="Foursquare's API."
)
FOURSQUARE_OAUTH_URL = env_url(
    "FOURSQUARE_OAUTH_URL",
    "https://foursquare.com/oauth2",
    help="Where people say yes at Foursquare, and where it gives tokens.",
)
PINTEREST_API_URL = env_url(
    "PINTEREST_API_URL", "https://api.pinterest.com", help="Pinterest's API."
)
PINTEREST_AUTHORIZE_URL = env_url(
    "PINTEREST_AUTHORIZE_URL",
    "https://www.pinterest.com/oauth",
    help="Where people say yes at Pinterest.",
)
TUMBLR_API_URL = env_url("TUMBLR_API_URL", "https://api.tumblr.com", help="Tumblr's API.")
TUMBLR_AUTHORIZE_URL = env_url(
    "TUMBLR_AUTHORIZE_URL",
    "https://www.tumblr.com/oauth2/authorize",
    help="Where people say yes at Tumblr.",
)
X_API_URL = env_url("X_API_URL", "https://api.x.com", help="X's API.")
X_AUTHORIZE_URL = env_url(
    "X_AUTHORIZE_URL", "https://x.com/i/oauth2/authorize", help="Where people say yes at X."
)
INSTAGRAM_GRAPH_URL = env_url(
    "INSTAGRAM_GRAPH_URL", "https://graph.instagram.com", help="Instagram's API."
)
INSTAGRAM_TOKEN_URL = env_url(
    "INSTAGRAM_TOKEN_URL", "https://api.instagram.com", help="Where Instagram gives tokens."
)
INSTAGRAM_AUTHORIZE_URL = env_url(
    "INSTAGRAM_AUTHORIZE_URL",
    "https://www.instagram.com/oauth/authorize",
    help="Where people say yes at Instagram.",
)
FACEBOOK_GRAPH_URL = env_url(
    "FACEBOOK_GRAPH_URL", "https://graph.facebook.com", help="Facebook's API."
)
FACEBOOK_AUTHORIZE_URL = env_url(
    "FACEBOOK_AUTHORIZE_URL", "https://www.facebook.com", help="Where people say yes at Facebook."
)
THREADS_GRAPH_URL = env_url("THREADS_GRAPH_URL", "https://graph.threads.com", help="Threads' API.")
THREADS_AUTHORIZE_URL = env_url(
    "THREADS_AUTHORIZE_URL",
    "https://threads.com/oauth/authorize",
    help="Where people say yes at Threads.",
)
WIKIPEDIA_URL = env_str(
    "WIKIPEDIA_URL", "https://{language}.wikipedia.org", help="Wikipedia, by language."
)
WIKIDATA_URL = env_url("WIKIDATA_URL", "https://www.wikidata.org", help="Wikidata.")
WIKIMEDIA_URL = env_url("WIKIMEDIA_URL", "https://wikimedia.org", help="Views of articles.")
GITHUB_API_URL = env_url("GITHUB_API_URL", "https://api.github.com", help="GitHub's API.")
GITHUB_OAUTH_URL = env_url(
    "GITHUB_OAUTH_URL",
    "https://github.com/login/oauth",
    help="Where people say yes at GitHub, and where it gives tokens.",
)
LINKEDIN_API_URL = env_url("LINKEDIN_API_URL", "https://api.linkedin.com", help="LinkedIn's API.")
LINKEDIN_OAUTH_URL = env_url(
    "LINKEDIN_OAUTH_URL",
    "https://www.linkedin.com/oauth/v2",
    help="Where people say yes at LinkedIn, and where it gives tokens.",
)
YOUTUBE_API_URL = env_url(
    "YOUTUBE_API_URL", "https://youtube.googleapis.com", help="YouTube's Data API."
)
GOOGLE_AUTHORIZE_URL = env_url(
    "GOOGLE_AUTHORIZE_URL",
    "https://accounts.google.com/o/oauth2/v2/auth",
    help="Where people say yes at Google.",
)
GOOGLE_OAUTH_URL = env_url(
    "GOOGLE_OAUTH_URL", "https://oauth2.googleapis.com", help="Where Google gives tokens."
)
# Our registrations: client id and secret by network. Without an id nothing is asked there.
NETWORK_APPS: dict[str, tuple[str, str]] = {
    "x": (
        env_str("X_CLIENT_ID", "", help="OAuth 2.0 client id at X: offers to link accounts there."),
        env_secret("X_CLIENT_SECRET", "", help="OAuth 2.0 client secret at X."),
    ),
    "instagram": (
        env_str(
            "INSTAGRAM_CLIENT_ID", "", help="Instagram app id at Meta: offers to link accounts."
        ),
        env_secret("INSTAGRAM_CLIENT_SECRET", "", help="Instagram app secret at Meta."),
    ),
    "threads": (
        env_str("THREADS_CLIENT_ID", "", help="Threads app id at Meta: offers to link accounts."),
        env_secret("THREADS_CLIENT_SECRET", "", help="Threads app secret at Meta."),
    ),
    "facebook": (
        env_str("FACEBOOK_CLIENT_ID", "", help="App id at Meta: offers to link Facebook Pages."),
        env_secret("FACEBOOK_CLIENT_SECRET", "", help="App secret at Meta, for Facebook Pages."),
    ),
    "github": (
        env_str("GITHUB_CLIENT_ID", "", help="OAuth app's id at GitHub: offers to link accounts."),
        env_secret("GITHUB_CLIENT_SECRET", "", help="OAuth app's secret at GitHub."),
    ),
    "linkedin": (
        env_str("LINKEDIN_CLIENT_ID", "", help="OAuth client id at LinkedIn: offers to link it."),
        env_secret("LINKEDIN_CLIENT_SECRET", "", help="OAuth client secret at LinkedIn."),
    ),
    "youtube": (
        env_str("YOUTUBE_CLIENT_ID", "", help="OAuth client id at Google: offers to link YouTube."),
        env_secret("YOUTUBE_CLIENT_SECRET", "", help="OAuth client secret for YouTube at Google."),
    ),
    "yammer": (
        env_str("YAMMER_CLIENT_ID", "", help="Application id at Entra: offers Viva Engage."),
        env_secret("YAMMER_CLIENT_SECRET", "", help="Client secret at Microsoft Entra."),
    ),
    "tiktok": (
        env_str("TIKTOK_CLIENT_ID", "", help="Client key at TikTok: offers to link accounts."),
        env_secret("TIKTOK_CLIENT_SECRET", "", help="Client secret at TikTok."),
    ),
    "reddit": (
        env_str("REDDIT_CLIENT_ID", "", help="Client id at Reddit: offers to link accounts."),
        env_secret("REDDIT_CLIENT_SECRET", "", help="Client secret at Reddit."),
    ),
    "twitch": (
        env_str("TWITCH_CLIENT_ID", "", help="Client id at Twitch: offers to link accounts."),
        env_secret("TWITCH_CLIENT_SECRET", "", help="Client secret at Twitch."),
    ),
    "foursquare": (
        env_str("FOURSQUARE_CLIENT_ID", "", help="Client id at Foursquare: offers to link it."),
        env_secret("FOURSQUARE_CLIENT_SECRET", "", help="Client secret at Foursquare."),
    ),
    "pinterest": (
        env_str("PINTEREST_CLIENT_ID", "", help="App id at Pinterest: offers to link accounts."),
        env_secret("PINTEREST_CLIENT_SECRET", "", help="App secret at Pinterest."),
    ),
    "tumblr": (
        env_str(
            "TUMBLR_CLIENT_ID",
            "",
            help="OAuth consumer key at Tumblr: offers to link blogs, and to look up public ones.",
        ),
        env_secret("TUMBLR_CLIENT_SECRET", "", help="OAuth consumer secret at Tumblr."),
    ),
}
# What else our registrations may ask people for, by network: products that its vendor granted.
_LINKEDIN_PRODUCTS = {
    "analytics": ("r_member_postAnalytics", "r_member_profileAnalytics"),
    "portability": ("r_dma_portability_3rd_party",),
}
LINKEDIN_PRODUCTS = env_list(
    "LINKEDIN_PRODUCTS",
    "",
    help="Products that LinkedIn granted your application: analytics, portability (EEA).",
)
if unknown := set(LINKEDIN_PRODUCTS) - _LINKEDIN_PRODUCTS.keys():
    raise ImproperlyConfigured(f"LINKEDIN_PRODUCTS knows no {', '.join(sorted(unknown))}.")
NETWORK_SCOPES: dict[str, tuple[str, ...]] = {
    "linkedin": tuple(
        scope for product in LINKEDIN_PRODUCTS for scope in _LINKEDIN_PRODUCTS[product]
    ),
}
# Keys of ours for what is public, by network.
NETWORK_KEYS: dict[str, str] = {
    "github": env_secret(
        "GITHUB_TOKEN", "", help="A token without scopes at GitHub: eighty times the look-ups."
    ),
    "stackexchange": env_str(
        "STACKEXCHANGE_KEY", "", help="Key at Stack Exchange (Stack Apps): thirty times the reads."
    ),
    # What Tumblr calls a key is our id there.
    "tumblr": NETWORK_APPS["tumblr"][0],
    # Twitch wants our id beside each token.
    "twitch": NETWORK_APPS["twitch"][0],
    "x": env_secret(
        "X_BEARER_TOKEN", "", help="App-only bearer token at X: for paid look-ups (X_LOOKUPS) only."
    ),
    "youtube": env_secret(
        "YOUTUBE_API_KEY", "", help="API key at Google: comments on videos, and look-ups."
    ),
}
# Whether strangers may look others up at networks that charge for it: the operator's decision.
PAID_LOOKUPS: dict[str, bool] = {
    "x": env_bool(
        "X_LOOKUPS",
        False,
        help="Let people look up others at X, where your agreement with X allows it: up to a "
        "dollar each, of at most half of X_BUDGET. Needs X_BEARER_TOKEN.",
    ),
}
# Agreements with vendors that operators state to have accepted (Policy.amendment).
NETWORK_AMENDMENTS: dict[str, str] = {
    "YOUTUBE_AMENDMENT": env_str(
        "YOUTUBE_AMENDMENT",
        "",
        help="The day on which you accepted YouTube's amendment on derived metrics: only then "
        "YouTube counts towards the one score and channels can be looked up.",
    ),
}
# US dollars a calendar month (UTC) at networks that charge: of this site, and of each person.
NETWORK_BUDGETS: dict[str, tuple[int, int]] = {
    "x": (
        env_int("X_BUDGET", 100, low=0, high=1_000_000, help="US dollars a month spent at X."),
        env_int(
            "X_BUDGET_PER_PERSON", 5, low=0, high=10_000, help="Of these, for one person at most."
        ),
    ),
}
LOCAL_ORIGINS = env_origins(
    "LOCAL_ORIGINS",
    "",
    help="Exact origins on private addresses that connectors may call; only with DEBUG=1.",
)
if LOCAL_ORIGINS and not DEBUG:
    raise ImproperlyConfigured("LOCAL_ORIGINS is for development: it needs DEBUG=1.")
if SAMPLE_NETWORK and DEBUG and SAMPLE_NETWORK_URL not in LOCAL_ORIGINS:
    LOCAL_ORIGINS = [*LOCAL_ORIGINS, SAMPLE_NETWORK_URL]
LOOKUPS_PER_HOUR = env_int(
    "LOOKUPS_PER_HOUR", 10, low=1, high=100_000, help="Look-ups a stranger's address may make."
)

UPLOAD_MEGABYTES = env_int(
    "UPLOAD_MEGABYTES", 2048, low=1, high=65_536, help="Largest file that people may drop, in MiB."
)

# --- Scoring ------------------------------------------------------------------------------------
ROLLUP_ENGINE = env_str(
    "ROLLUP_ENGINE",
    "duckdb",
    help="Roll-ups: duckdb, parquet (DuckDB over a day's file) or spark (needs Java 17).",
)
if ROLLUP_ENGINE not in {"duckdb", "parquet", "spark"}:
    raise ImproperlyConfigured("ROLLUP_ENGINE must be duckdb, parquet or spark.")
# Large servers of many years, each with moderators and tens of thousands of accounts (2026).
KNOWN_SERVERS = frozenset(
    name.lower()
    for name in env_list(
        "KNOWN_SERVERS",
        "mastodon.social,mastodon.online,mstdn.social,mastodon.world,mas.to,hachyderm.io,"
        "fosstodon.org,infosec.exchange,techhub.social,mathstodon.xyz,chaos.social,"
        "universeodon.com,mastodon.art,mstdn.jp,mastodon.nl,troet.cafe,social.vivaldi.net,"
        "sfba.social,aus.social,ruby.social",
        help="Mastodon servers whose word is taken; what others say of themselves is limited.",
    )
)
SPARK_MASTER = env_str("SPARK_MASTER", "local[2]", help="Spark's address, for ROLLUP_ENGINE=spark.")

# --- Languages, time ----------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("nb", _("Norwegian bokmål"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "UTC"

# --- Files and headers --------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(
    env_str("STATIC_DIR", "", help="Folder of the collected static files (`static` in VAR_DIR).")
    or VAR_DIR / "static"
)
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "uploads"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
# Files are looked up as they are asked for: tests start hundreds of sites, for which WhiteNoise
# would read through all of them.
WHITENOISE_AUTOREFRESH = DEBUG
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # Sign-in buttons post to us and are sent on: browsers check that second step as well.
        "form-action": [SELF, *_SIGN_IN_ORIGINS],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb")
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True
_https = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
CSRF_TRUSTED_ORIGINS = [SITE_URL]
TRUST_PROXY = env_bool(
    "TRUST_PROXY", False, help="A proxy in front sets X-Forwarded-For and X-Forwarded-Proto."
)
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # The last address in X-Forwarded-For is the proxy's own word; those before it are anybody's.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

LOGGING = logs.configuration(LOG_LEVEL)
