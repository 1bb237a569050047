"""Sign-in by a district's own identity provider (OpenID Connect), switched on by its environment alone."""

from collections.abc import Mapping
from typing import Any

NAMES = {
    "QINGSHAN_OIDC_ISSUER": "OIDC_ISSUER",
    "QINGSHAN_OIDC_CLIENT": "OIDC_RP_CLIENT_ID",
    "QINGSHAN_OIDC_SECRET": "OIDC_RP_CLIENT_SECRET",
}
ENDPOINTS = {
    "OIDC_OP_AUTHORIZATION_ENDPOINT": ("QINGSHAN_OIDC_AUTHORIZE", "/authorize"),
    "OIDC_OP_TOKEN_ENDPOINT": ("QINGSHAN_OIDC_TOKEN", "/token"),
    "OIDC_OP_USER_ENDPOINT": ("QINGSHAN_OIDC_USERINFO", "/userinfo"),
    "OIDC_OP_JWKS_ENDPOINT": ("QINGSHAN_OIDC_JWKS", "/jwks"),
}


def from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """The settings of mozilla-django-oidc; empty where no provider is named. Raises ValueError where one is named in part.

    QINGSHAN_OIDC_ISSUER     the provider's address, as its tokens name it
    QINGSHAN_OIDC_CLIENT     under which name the provider knows this server
    QINGSHAN_OIDC_SECRET     the secret it gave
    QINGSHAN_OIDC_CLAIM      which claim says who someone is: email (default; the provider must say that it has verified
                             it), or one that is equal to the name of the account
    QINGSHAN_OIDC_AUTHORIZE, _TOKEN, _USERINFO, _JWKS
                             the provider's addresses, where they are not /authorize, /token, /userinfo and /jwks
    """
    given = {name: environment.get(name, "") for name in NAMES}
    if not any(given.values()):
        return {}
    if missing := [name for name, value in given.items() if not value]:
        raise ValueError(
            f"单点登录的设置不全，还缺 {'、'.join(missing)}。 Sign-in by provider lacks {', '.join(missing)}."
        )
    issuer = given["QINGSHAN_OIDC_ISSUER"].rstrip("/")
    return {
        **{setting: given[name] for name, setting in NAMES.items()},
        **{setting: environment.get(name) or issuer + path for setting, (name, path) in ENDPOINTS.items()},
        "OIDC_CLAIM": environment.get("QINGSHAN_OIDC_CLAIM") or "email",
        "OIDC_RP_SCOPES": "openid email profile",
        "OIDC_RP_SIGN_ALGO": "RS256",
        "OIDC_USE_PKCE": True,
        "OIDC_CREATE_USER": False,
        "OIDC_TIMEOUT": 10,
        "OIDC_AUTHENTICATION_CALLBACK_URL": "provider-callback",
        "LOGIN_REDIRECT_URL_FAILURE": "/sign-in/?provider=refused",
    }
