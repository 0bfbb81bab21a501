"""A person's own account."""

import json
from urllib.parse import urlencode

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from lms.accounts import operations
from lms.accounts.access import SignedInRequest
from lms.accounts.forms import FarewellForm, LettersForm, PreferencesForm
from lms.common.errors import DomainError
from lms.common.http import safe_next
from lms.common.register import Holding, all_holdings
from lms.outbox.operations import choose, wanted_by

PREFERENCES = ("display_name", "certificate_name", "colours", "full_titles", "time_zone", "content_notices")


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Wagtail's own sign-in stays closed: there is one way in, and it leads back to where the person was going."""
    return redirect(f"{reverse('account_login')}?{urlencode({'next': safe_next(request, default='/cms/')})}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: SignedInRequest) -> HttpResponse:
    """Name, colours, place, notes before hard parts, and how discreet our letters are."""
    known = {name: getattr(request.user, name) for name in PREFERENCES}
    form = PreferencesForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        operations.save_preferences(person=request.user, chosen=form.preferences())
        messages.success(request, "Saved.")
        return redirect("accounts:preferences")
    return render(request, "accounts/preferences.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: SignedInRequest) -> HttpResponse:
    """Which e-mails come: reminders and all else that somebody may do without."""
    person_id = request.user.pk
    known = {"wanted": wanted_by(person_id)}
    form = LettersForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        choose(person_id=person_id, wanted=form.cleaned_data["wanted"])
        messages.success(request, "Saved.")
        return redirect("accounts:letters")
    return render(request, "accounts/letters.html", {"form": form}, status=422 if form.errors else 200)


def _about_people() -> list[Holding]:
    """What is held of a person; what the machinery keeps comes last."""
    theirs = [holding for holding in all_holdings() if holding.owner]
    return sorted(theirs, key=lambda holding: holding.model.startswith(("audit.", "outbox.")))


@login_required
@require_safe
def privacy(request: SignedInRequest) -> HttpResponse:
    """What we hold of a person, in plain words, and what they can do about it."""
    return render(request, "accounts/privacy.html", {"holdings": _about_people()})


@login_required
@reauthentication_required
@require_safe
def download(request: SignedInRequest, form: str) -> HttpResponse:
    """Everything we hold of the person, to keep: as a page to read or as data."""
    everything = operations.everything_of(request.user)
    if form == "json":
        data = {holding.model: rows for holding, rows in everything}
        body, kind = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1), "application/json"
    else:
        body, kind = render_to_string("accounts/everything.html", {"everything": everything}), "text/html"
    answer = HttpResponse(body, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="my-data.{form}"'
    return answer


@login_required
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: SignedInRequest) -> HttpResponse:
    """Say what goes and what stays; delete the account on a deliberate yes."""
    form = FarewellForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.erase(person=request.user, now=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            logout(request)
            messages.success(request, "Your account is deleted. Thank you for having been here.")
            return redirect("account_login")
    known = {"form": form, "holdings": _about_people()}
    return render(request, "accounts/delete.html", known, status=422 if form.errors else 200)
