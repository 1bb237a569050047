"""Who someone is by the word of the district's identity provider. It lets people into accounts; it never makes one."""

import logging

import jwt
import requests
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from qingshan.people.models import User

log = logging.getLogger(__name__)
NO_WORD = (SuspiciousOperation, jwt.PyJWTError, requests.RequestException)


class Provider(OIDCAuthenticationBackend):
    """Matches a claim that the provider has verified with an account that an administrator has opened."""

    def authenticate(self, request, **kwargs):
        """The person, or nobody where the provider's word is missing or worth nothing; they are told so at the door."""
        try:
            return super().authenticate(request, **kwargs)
        except NO_WORD as why:
            log.warning("sign-in by provider refused: %s", why)
            return None

    def verify_token(self, token, **kwargs):
        """The token's payload, if it was made by this provider for this server: the library checks neither."""
        payload = super().verify_token(token, **kwargs)
        audience = payload.get("aud")
        meant = audience if isinstance(audience, list) else [audience]
        if (
            payload.get("iss", "").rstrip("/") != settings.OIDC_ISSUER.rstrip("/")
            or self.OIDC_RP_CLIENT_ID not in meant
        ):
            raise SuspiciousOperation("the identity token was made by or for someone else")
        self.subject = payload.get("sub")
        return payload

    def verify_claims(self, claims):
        """Whether the claims are about the person of the token, and the one that counts has been verified."""
        name = settings.OIDC_CLAIM
        verified = claims.get("email_verified") is True if name == "email" else True
        return bool(claims.get(name)) and verified and claims.get("sub") == self.subject

    def filter_users_by_claims(self, claims):
        field = "email__iexact" if settings.OIDC_CLAIM == "email" else "username"
        return User.objects.filter(**{field: claims[settings.OIDC_CLAIM]}, is_active=True, token=None)

    def create_user(self, claims):
        raise SuspiciousOperation("an account is opened by an administrator, never by a sign-in")

    def get_user(self, user_id):
        """The signed-in person; nobody once the account has been closed."""
        return User.objects.filter(pk=user_id, is_active=True).first()
