"""Whose a form is, in a word that says nothing to others and that nobody can make up.

It lets what was typed find its writer again after the session has ended, on a computer that two people may share.
"""

from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare, salted_hmac

from lms.accounts.models import User

_SALT = "lms.courses.whose"
_signer = Signer(salt=_SALT)


def whose(person: User) -> str:
    """Return the word for a person; always the same one."""
    return _signer.sign(salted_hmac(_SALT, str(person.pk), algorithm="sha256").hexdigest()[:32])


def is_ours(word: str) -> bool:
    """Whether we made this word, for anybody."""
    try:
        _signer.unsign(word)
    except BadSignature:
        return False
    return True


def is_of(word: str, person: User) -> bool:
    """Whether this is the word for this person."""
    return constant_time_compare(word, whose(person))
