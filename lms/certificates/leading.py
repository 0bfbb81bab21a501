"""What the award opens: a leader proposes groups, keeps the registers of their own, and finds what helps.

Whether somebody leads is asked at each request. When the award ends the rights end with it; what was stays readable.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cms.models import LeadersPage
from lms.accounts.access import SignedInRequest
from lms.accounts.models import User
from lms.certificates import overview
from lms.certificates.assessing import leads_for
from lms.certificates.forms.fields import goes_through
from lms.certificates.forms.leading import ProposeForm
from lms.certificates.models import Award, AwardKind, AwardState
from lms.certificates.operations import pathways
from lms.common.errors import DomainError
from lms.webinars import after, registers
from lms.webinars import operations as webinars
from lms.webinars.forms import MarksForm
from lms.webinars.models import LEADING_ROLES, Facilitator, Session, SessionPart, SessionState, Verdict, Why

A_PAGE = 20
HELD = (AwardState.ACTIVE, AwardState.SUSPENDED, AwardState.EXPIRED, AwardState.REPLACED, AwardState.WITHDRAWN)


def _leads(request: SignedInRequest) -> frozenset[int]:
    """The agencies for which the reader leads now; to who leads nowhere the page does not exist."""
    agencies = leads_for(request.user, today=timezone.localdate())
    if not agencies:
        raise Http404
    return agencies


def _award(user: User) -> Award | None:
    """The leader award that somebody holds or held, the latest."""
    rows = Award.objects.owned_by(user).filter(kind=AwardKind.LEADER, state__in=HELD)
    found: Award | None = rows.defer("says", "qr").order_by("-issued_at", "-pk").first()
    return found


def _led(user: User) -> QuerySet[Session]:
    """Sessions that somebody leads or proposed, never with the way in."""
    leading = Facilitator.objects.filter(person=user, role__in=LEADING_ROLES).values("session")
    rows = Session.objects.unscoped(because="sessions that this person leads themselves").without_the_way_in()
    found: QuerySet[Session] = rows.filter(pk__in=leading).prefetch_related("parts")
    return found


def _past(rows: QuerySet[Session], now: datetime) -> QuerySet[Session]:
    held = rows.filter(state__in=[SessionState.PUBLISHED, SessionState.ENDED], ends_at__lte=now)
    return held.order_by("-starts_at")


@login_required
@require_safe
def leading(request: SignedInRequest) -> HttpResponse:
    """A leader's own page: groups, supervision, what helps. History stays when the award has ended."""
    award = _award(request.user)
    if award is None:
        raise Http404
    now, today = timezone.now(), timezone.localdate()
    agencies = leads_for(request.user, today=today)
    rows = _led(request.user)
    record = pathways.last_record_of(request.user, agencies) if agencies else None
    known = {
        "award": award,
        "standing": award.standing(today),
        "leads": bool(agencies),
        "may_renew": pathways.may_begin_renewal(award, today=today),
        "proposed": rows.filter(proposed_by=request.user, state__in=[SessionState.PROPOSED, SessionState.DECLINED]),
        "coming": rows.filter(state=SessionState.PUBLISHED, ends_at__gt=now).order_by("starts_at"),
        "past": Paginator(
            rows.filter(state__in=[SessionState.PUBLISHED, SessionState.ENDED], ends_at__lte=now).order_by(
                "-starts_at"
            ),
            A_PAGE,
        ).get_page(request.GET.get("page")),
        "pages": LeadersPage.objects.live().only("title", "slug", "summary", "url_path") if agencies else [],
        "supervisions": overview.supervisions_of(record)[:6] if record else [],
        "supervisor": record.supervisor if record else None,
    }
    return render(request, "certificates/leading/home.html", known)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: SignedInRequest) -> HttpResponseBase:
    """Propose a group; a coordinator decides."""
    agencies = _leads(request)
    form = ProposeForm(request.POST if request.method == "POST" else None, agency_ids=agencies)

    def deed() -> None:
        now = timezone.now()
        webinars.propose_session(plan=form.plan, agency=form.agency, proposer=request.user, now=now)

    if form.is_bound and goes_through(form, deed):
        messages.success(request, "Thank you. Your coordinator has it, and you hear from us by e-mail.")
        return redirect("certificates:leading")
    status = 422 if form.is_bound else 200
    return render(request, "certificates/leading/propose.html", {"form": form}, status=status)


# --- Registers -----------------------------------------------------------------------------------------------------


def _own_session(request: SignedInRequest, uuid: UUID) -> Session:
    """A session that the reader leads, at an agency for which they lead today."""
    rows = _led(request.user).filter(agency__in=_leads(request)).exclude(state=SessionState.DECLINED)
    found: Session = get_object_or_404(rows, uuid=uuid)
    return found


def _part(request: HttpRequest, session: Session) -> SessionPart:
    parts: list[SessionPart] = list(session.parts.all())
    asked = request.GET.get("part")
    if asked is None:
        begun = [part for part in parts if part.starts_at <= timezone.now()]
        return begun[-1] if begun else parts[0]
    found = next((part for part in parts if str(part.number) == asked), None)
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: SignedInRequest, uuid: UUID) -> HttpResponseBase:
    """Who is coming to a group of one's own, and who was there."""
    session, now = _own_session(request, uuid), timezone.now()
    part = _part(request, session)
    found = registers.register(session, part, viewer=request.user, with_needs=True)
    form = MarksForm(request.POST if request.method == "POST" else None, register=found)
    refusal = _mark(request, session, part, form) if form.is_bound else ""
    if form.is_bound and not refusal:
        messages.success(request, "The register is saved.")
        answer = redirect("certificates:leading_register", uuid=uuid)
        answer["Location"] += f"?part={part.number}"
        return answer
    known: dict[str, Any] = {
        "session": session,
        "part": part,
        "register": found,
        "verdicts": Verdict.choices,
        "whys": Why.choices,
        "typed": form.typed,
        "typed_why": str(form.data.get("why", "")),
        "refusal": refusal,
        "may_mark": part.starts_at <= now,
        "feedback": after.feedback_on(session, with_words=True, now=now) if session.ends_at <= now else None,
    }
    return render(request, "certificates/leading/register.html", known, status=422 if refusal else 200)


def _mark(request: SignedInRequest, session: Session, part: SessionPart, form: MarksForm) -> str:
    """Keep what was marked; return why not, if it was refused."""
    if not form.is_valid():
        return form.refusal
    try:
        webinars.mark_attendance(
            session=session,
            part=part,
            marks=form.marks,
            actor=request.user,
            now=timezone.now(),
            why=form.cleaned_data["why"],
        )
    except DomainError as refusal:
        return refusal.message
    return ""
