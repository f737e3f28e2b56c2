"""Of whom a second factor is asked beside the password, how a session says that it was shown, how secrets are kept."""

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _

# Who decides, sees much or lets others in.
NEEDED_BY = frozenset({"appraiser", "head", "leader", "administrator"})
PASSED = "second_factor"


def is_needed(person) -> bool:
    """Whether one of a person's posts asks for a second factor; the posts as read at the door, no query."""
    return settings.SECOND_FACTOR != "off" and any(post.role in NEEDED_BY for post in person.current_posts)


def has_second_factor(person) -> bool:
    """Whether a person has an app or a key; one query."""
    return Authenticator.objects.filter(user_id=person.pk).exists()


def pass_on(session, person) -> None:
    """Note in a session that this person has shown the second factor."""
    session[PASSED] = person.pk


def has_passed(request) -> bool:
    return request.session.get(PASSED) == request.user.pk


class Adapter(DefaultMFAAdapter):
    """Secrets of apps are encrypted with the portal's key, so that a copy of the database alone opens nothing."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises InvalidToken where the portal's key has changed since and is none of SECRET_KEY_FALLBACKS."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return _("Làm theo Bác")

    def _get_site_name(self) -> str:
        return self.get_totp_issuer()


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = (hashlib.sha256(b"second factor\0" + key.encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
