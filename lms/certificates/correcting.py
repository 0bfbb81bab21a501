"""Another name or title, asked for by its holder or at the desk: the same form, the same deed."""

from django.utils import timezone

from lms.accounts.models import User
from lms.certificates import operations
from lms.certificates.forms import PaperForm
from lms.certificates.models import Award
from lms.common.errors import DomainError


def corrected(form: PaperForm, *, award: Award, actor: User) -> Award | None:
    """Have the new award made that ``form`` asks for; None where something is wrong, which then stands on the form."""
    if not form.is_valid():
        return None
    try:
        return operations.correct(
            award=award,
            actor=actor,
            name=form.cleaned_data["name"],
            is_neutral=form.is_neutral,
            now=timezone.now(),
        )
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return None
