"""Which addresses are somebody's own without doubt."""

from allauth.account.models import EmailAddress
from django.db.models import QuerySet
from django.db.models.functions import Lower

from lms.accounts.models import User


def proven_addresses(person: User) -> QuerySet[EmailAddress, str]:
    """The addresses that ``person`` has proven to be theirs, in lower case."""
    rows = EmailAddress.objects.filter(user=person, verified=True).annotate(lower=Lower("email"))
    return rows.values_list("lower", flat=True)
