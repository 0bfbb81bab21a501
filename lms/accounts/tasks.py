"""Telling somebody that their account was knocked at. In the worker, so that no answer's time says who has one."""

import hashlib

from django.utils import timezone

from lms.accounts import mail
from lms.accounts.models import User
from lms.outbox.operations import post


def address_hash(address: str) -> str:
    """Return what stands for an address in a task row, which must name nobody."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()


def warn_of_guesses(*, address: str) -> str:
    """Write to the owner of the address whose hash is ``address``, once a day; to a stranger's nothing is written."""
    now = timezone.now()
    for pk, email in User.objects.filter(is_active=True).values_list("pk", "email").iterator():
        if address_hash(email) == address:
            once = f"account.guesses:{pk}:{now:%Y-%m-%d}"
            post(mail.letter("accounts/guesses", address=email, person_id=pk, now=now, once=once), now=now)
            return "told"
    return "nobody's address"
