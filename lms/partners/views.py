"""One page for everything about two people and their link, and the forms on it."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.access import SignedInRequest
from lms.common import limits
from lms.common.errors import DomainError
from lms.common.failures import too_many_tries
from lms.partners import access, operations, rules
from lms.partners.forms import AddressForm, CodeForm

AN_HOUR, A_DAY = 3600, 24 * 3600  # seconds
MOST_LETTERS, MOST_CODES, MOST_TYPED = 6, 20, 10


View = Callable[..., HttpResponse]


def _at_most(times: int, *, action: str, seconds: int) -> Callable[[View], View]:
    """Answer 429 to who has done it too often: counted before anything is decided."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: SignedInRequest) -> HttpResponse:
            if limits.allowed(action=f"partners.{action}", who=str(request.user.pk), times=times, seconds=seconds):
                return view(request)
            return too_many_tries(request, seconds=seconds)

        return guarded

    return guard


def _page(
    request: SignedInRequest, *, status: int = 200, code: str = "", sent: forms.Form | None = None
) -> HttpResponse:
    """The page as it stands; ``code`` is shown this once. sent: the form that could not be taken."""
    now = timezone.now()
    link = access.link_of(request.user)
    context = {
        "link": link,
        "asks": [] if link else list(access.asks_for(request.user, now=now)),
        "own_ask": None if link else access.own_ask(request.user, now=now),
        "code": rules.spaced(code),
        "sent": sent,
        "address_form": sent if isinstance(sent, AddressForm) else AddressForm(),
        "code_form": sent if isinstance(sent, CodeForm) else CodeForm(),
    }
    return render(request, "partners/together.html", context, status=status)


@login_required
@require_safe
def together(request: SignedInRequest) -> HttpResponse:
    """With whom one reads, how to be linked, and how to end it."""
    return _page(request)


@login_required
@require_POST
@_at_most(MOST_LETTERS, action="ask", seconds=A_DAY)
def ask(request: SignedInRequest) -> HttpResponse:
    """Ask by e-mail. The answer is the same for every address but one's own."""
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            operations.ask(person=request.user, address=form.cleaned_data["address"], now=timezone.now())
        except DomainError as refusal:
            form.add_error("address", refusal.message)
        else:
            messages.success(request, "We've passed it on. Your partner says yes on their own page, within 7 days.")
            return redirect("partners:together")
    return _page(request, status=422, sent=form)


@login_required
@require_POST
@_at_most(MOST_CODES, action="make_code", seconds=A_DAY)
def make_code(request: SignedInRequest) -> HttpResponse:
    """Show a code to read out. It is kept nowhere, so it is shown this once."""
    try:
        code = operations.make_code(person=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.info(request, refusal.message)
        return redirect("partners:together")
    return _page(request, code=code)


@login_required
@require_POST
@_at_most(MOST_TYPED, action="use_code", seconds=AN_HOUR)
def use_code(request: SignedInRequest) -> HttpResponse:
    """Take the code that a partner reads out."""
    form = CodeForm(request.POST)
    if form.is_valid():
        try:
            operations.use_code(person=request.user, typed=form.cleaned_data["typed"], now=timezone.now())
        except DomainError as refusal:
            form.add_error("typed", refusal.message)
        else:
            return _linked(request)
    return _page(request, status=422, sent=form)


def _linked(request: SignedInRequest) -> HttpResponse:
    messages.success(request, "You're linked. On a lesson you can now say that you're both here.")
    return redirect("partners:together")


@login_required
@require_POST
def answer(request: SignedInRequest, ask: UUID) -> HttpResponse:
    """Yes or no to who asks. An ask that is not there is the same as one that is not theirs: it has run out."""
    try:
        if "yes" in request.POST:
            operations.say_yes(person=request.user, ask=ask, now=timezone.now())
            return _linked(request)
        if "no" in request.POST:
            operations.say_no(person=request.user, ask=ask, now=timezone.now())
            messages.success(request, "Declined. They aren't told.")
    except DomainError as refusal:
        messages.info(request, refusal.message)
    return redirect("partners:together")


@login_required
@require_POST
def take_back(request: SignedInRequest) -> HttpResponse:
    """Take one's own ask back."""
    operations.take_back(person=request.user, now=timezone.now())
    messages.success(request, "Taken back.")
    return redirect("partners:together")


@login_required
@require_POST
def end(request: SignedInRequest) -> HttpResponse:
    """End the link, at once and without a word to the other."""
    operations.unlink(person=request.user, now=timezone.now())
    messages.success(request, "The link has ended. Nobody was told.")
    return redirect("partners:together")
