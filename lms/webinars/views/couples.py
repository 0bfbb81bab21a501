"""Two people who come together: keeping places while a form is filled in, booking two, and the partner's yes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from lms.accounts.access import SignedInRequest
from lms.common import limits
from lms.common.errors import DomainError
from lms.common.failures import too_many_tries
from lms.partners.access import link_of
from lms.partners.models import PartnerLink
from lms.webinars import access, operations, reports, rules
from lms.webinars.forms import NeedsForm, PartnerForm
from lms.webinars.models import Session
from lms.webinars.place_letters import partner_link
from lms.webinars.views.showing import (
    bare_session_of,
    session_of,
    session_page,
    too_often,
)

MOST_INVITATIONS, A_DAY = 6, 24 * 3600  # letters to partners that one person may cause; seconds
PAGES = {"1": "webinars:book", "2": "webinars:together"}


@login_required
@require_POST
def hold(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Keep one place, or two, while a form is filled in."""
    found = bare_session_of(uuid)
    if refused := too_often(request):
        return refused
    places = request.POST.get("places", "1")
    if places not in PAGES:
        raise Http404
    deed = operations.hold_two if places == "2" else operations.hold
    try:
        deed(session=found, adopter=request.user, now=timezone.now())
    except DomainError as refusal:
        messages.warning(request, refusal.message)
    return redirect(PAGES[places], uuid=uuid)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def together(request: SignedInRequest, uuid: UUID) -> HttpResponse:
    """Book a place, and keep another for one's partner. Their link is shown this once: it is kept nowhere."""
    link = link_of(request.user)
    name = link.partner.display_name if link else ""
    if request.method != "POST":
        return session_page(request, session_of(uuid), template="together", form=PartnerForm(partner=name))
    found = bare_session_of(uuid)
    if refused := too_often(request) or _too_many_letters(request):
        return refused
    form = PartnerForm(request.POST, partner=name)
    if form.is_valid():
        try:
            shown = _book_two(request, found, form, link)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return session_page(request, session_of(uuid), template="together", done=True, **shown)
    return session_page(request, session_of(uuid), template="together", form=form, status=422)


def _book_two(
    request: SignedInRequest, session: Session, form: PartnerForm, linked: PartnerLink | None
) -> dict[str, Any]:
    """Book, and return what is shown of it. Where who is linked lives is used and never shown."""
    said = {**form.cleaned_data}
    written_to = said["address"]
    if said.pop("linked", False) and linked:
        said["address"], written_to = linked.partner.email, linked.partner.display_name
    pair = operations.book_two(session=session, adopter=request.user, now=timezone.now(), **said)
    return {"link": partner_link(pair.secret) if pair.secret else "", "written_to": written_to}


def _too_many_letters(request: SignedInRequest) -> HttpResponse | None:
    who = str(request.user.pk)
    writes = request.POST.get("address") or request.POST.get("linked")
    if not writes or limits.allowed(action="webinars.partner", who=who, times=MOST_INVITATIONS, seconds=A_DAY):
        return None
    return too_many_tries(request, seconds=A_DAY)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def partner(request: SignedInRequest, secret: str) -> HttpResponse:
    """A place is kept for whoever has this link: say what it is, and take yes or no for an answer."""
    party = operations.kept_for(secret, now=timezone.now())
    if party is None:
        return render(request, "webinars/partner.html", {"party": None}, status=410)
    if request.method != "POST":
        return _partner_page(request, secret, form=NeedsForm())
    if refused := too_often(request):
        return refused
    form = NeedsForm(request.POST)
    if not form.is_valid():
        return _partner_page(request, secret, form=form, status=422)
    try:
        if "no" in request.POST:
            operations.decline_partner(secret=secret, now=timezone.now())
            messages.success(request, "Thank you for telling us. The place goes to somebody else.")
            return redirect("webinars:my_bookings")
        needs = form.cleaned_data["access_needs"]
        operations.join_partner(secret=secret, adopter=request.user, access_needs=needs, now=timezone.now())
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return _partner_page(request, secret, form=form, status=422)
    messages.success(request, f"You're booked for {party.session.day}, {party.session.begins}.")
    return redirect("webinars:session", uuid=party.session.uuid)


def _partner_page(request: SignedInRequest, secret: str, *, form: NeedsForm, status: int = 200) -> HttpResponse:
    party = operations.kept_for(secret, now=timezone.now())
    if party is None or party.kept_until is None:
        return render(request, "webinars/partner.html", {"party": None}, status=410)
    session = session_of(party.session.uuid)
    context = {
        "party": party,
        "session": session,
        "row": reports.Row(session, None, timezone.now()),
        "leave": access.leave(session, request.user),
        "answer_by": rules.said_moment(party.kept_until, session.zone),
        "form": form,
    }
    return render(request, "webinars/partner.html", context, status=status)
