"""What somebody on a pathway sees and does: their steps, what they write, a rest, a move."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.accounts.access import SignedInRequest
from lms.accounts.models import User
from lms.agencies.access import verified_agency_ids
from lms.certificates import assessing, progress
from lms.certificates.forms.fields import goes_through
from lms.certificates.forms.pathways import EntryForm, InterestForm, StatementForm, TieForm
from lms.certificates.models import (
    Award,
    LogEntry,
    Pathway,
    PathwayRecord,
    Purpose,
    Requirement,
    RequirementKind,
    Statement,
    Tie,
)
from lms.certificates.operations import pathways as operations
from lms.certificates.progress import Progress, Step
from lms.common.errors import DomainError
from lms.courses.rules import identifiers, listed

SAVED = "Kept. Only you can read it."


def _record(request: SignedInRequest, slug: str) -> PathwayRecord:
    record: PathwayRecord | None = progress.records_of(request.user).filter(pathway__slug=slug).first()
    if record is None:
        raise Http404
    return record


def _far(record: PathwayRecord) -> Progress:
    return progress.progress_of([record], now=timezone.now())[0]


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _page(request: HttpRequest, name: str, known: dict[str, Any]) -> HttpResponse:
    """A page with a form: one that comes back after a POST needs another look."""
    status = 422 if request.method == "POST" else 200
    return render(request, f"certificates/pathway_{name}.html", known, status=status)


def _say(request: HttpRequest, deed: Callable[[], object], *, done: str) -> None:
    """Do it, and say that it was done or why not."""
    try:
        deed()
    except DomainError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, done)


def _nudge(request: HttpRequest, text: str) -> None:
    """Say so if something written looks as if it pointed to a person. It is kept all the same."""
    if signs := listed(identifiers(text)):
        messages.info(request, f"This looks as if it might hold {signs}. Initials or a nickname are safer.")


# --- What it asks --------------------------------------------------------------------------------------------------


@require_safe
def about(request: HttpRequest, slug: str) -> HttpResponse:
    """What a pathway asks, in words, for everybody."""
    return _about(request, get_object_or_404(Pathway.objects.select_related("page"), slug=slug))


def _about(request: HttpRequest, pathway: Pathway, form: InterestForm | None = None) -> HttpResponse:
    now, user = timezone.now(), request.user
    known: dict[str, Any] = {"pathway": pathway, "form": form}
    for purpose in (Purpose.FIRST, Purpose.RENEWAL):
        known[purpose.value] = progress.describe(pathway.pk, purpose=purpose, moment=now)
    if isinstance(user, User):
        agencies = verified_agency_ids(user)
        known["record"] = progress.records_of(user).filter(pathway=pathway).first()
        known["form"] = form or (InterestForm(agency_ids=agencies) if agencies else None)
    return render(request, "certificates/pathway_about.html", known, status=422 if form else 200)


@login_required
@require_POST
def begin(request: SignedInRequest, slug: str) -> HttpResponseBase:
    """Say that one would like to begin; the agency answers."""
    pathway = get_object_or_404(Pathway.objects.select_related("page"), slug=slug)
    form = InterestForm(request.POST, agency_ids=verified_agency_ids(request.user))

    def deed() -> None:
        agency = form.cleaned_data["agency"]
        operations.express_interest(pathway=pathway, person=request.user, agency=agency, now=timezone.now())

    if goes_through(form, deed):
        return redirect("certificates:pathway", slug=slug)
    return _about(request, pathway, form)


# --- Where I am ----------------------------------------------------------------------------------------------------


@login_required
@require_safe
def pathway(request: SignedInRequest, slug: str) -> HttpResponse:
    """What is done on the way, what is next, and for whom it waits."""
    record = _record(request, slug)
    far = _far(record)
    known = {
        "progress": far,
        "award": progress.award_of(record),
        "is_held_back": record.is_live and progress.is_held_back(far),
        "transfer": operations.open_transfer(record),
    }
    return render(request, "certificates/pathway.html", known)


DEEDS = {
    "pause": (operations.pause, "Paused. Everything you've done is kept. Come back when you like."),
    "resume": (operations.resume, "Welcome back. Everything is as you left it."),
    "withdraw": (operations.withdraw, "You've stopped. Thank you for trying, and you can begin again one day."),
    "today": (operations.ask_as_of_today, "Your page now asks what is asked of people who begin today."),
}


@login_required
@require_POST
def go(request: SignedInRequest, slug: str) -> HttpResponseBase:
    """Rest, go on, or stop."""
    record = _record(request, slug)
    if found := DEEDS.get(request.POST.get("deed", "")):
        deed, done = found
        _say(request, lambda: deed(record=record, actor=request.user, now=timezone.now()), done=done)
    return redirect("certificates:pathway", slug=slug)


@login_required
@require_POST
def move(request: SignedInRequest, slug: str) -> HttpResponseBase:
    """Say yes or no to another agency."""
    record, agrees = _record(request, slug), request.POST.get("agrees") == "yes"
    if request.POST.get("agrees") in {"yes", "no"}:
        done = "You've moved. Everything you've done came with you." if agrees else "You stay where you are."
        _say(
            request,
            lambda: operations.answer_transfer(record=record, person=request.user, agrees=agrees, now=timezone.now()),
            done=done,
        )
    return redirect("certificates:pathway", slug=slug)


@login_required
@require_POST
def ready(request: SignedInRequest, slug: str, requirement: int) -> HttpResponseBase:
    """Say that somebody may look at a step again."""
    record = _record(request, slug)
    step = get_object_or_404(Requirement.objects.select_related("group"), pk=requirement, group__pathway=record.pathway)
    _say(
        request,
        lambda: operations.hand_in(record=record, requirement=step, actor=request.user, now=timezone.now()),
        done="Thank you. We've told them that you're ready.",
    )
    return redirect("certificates:pathway", slug=slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ties(request: SignedInRequest, slug: str) -> HttpResponseBase:
    """Say who must not sign for one: a partner, a housemate, a co-leader."""
    record = _record(request, slug)
    people = assessing.people_at(record.agency).exclude(pk=request.user.pk)
    form = TieForm(_posted(request), people=people)

    def deed() -> None:
        operations.declare_tie(person=request.user, now=timezone.now(), **form.cleaned_data)

    if request.method == "POST" and goes_through(form, deed):
        messages.success(request, "Thank you. They won't be asked to sign for you.")
        return redirect("certificates:pathway_ties", slug=slug)
    known = {"record": record, "form": form, "ties": Tie.objects.owned_by(request.user).select_related("other")}
    return _page(request, "ties", known)


@login_required
@require_POST
def keep(request: SignedInRequest, uuid: UUID) -> HttpResponseBase:
    """Begin what renews a leader award."""
    award = get_object_or_404(Award.objects.owned_by(request.user), uuid=uuid)
    today = timezone.localdate()
    try:
        record = operations.begin_renewal(award=award, holder=request.user, today=today, now=timezone.now())
    except DomainError as refusal:
        messages.warning(request, refusal.message)
        return redirect("certificates:award", uuid=uuid)
    return redirect("certificates:pathway", slug=record.pathway.slug)


# --- What I write --------------------------------------------------------------------------------------------------


def _step(record: PathwayRecord, kind: RequirementKind) -> Step:
    """The step of this kind that is to be done, else the first there is."""
    found = [step for step in _far(record).steps if step.requirement.kind == kind]
    if not found:
        raise Http404
    return next((step for step in found if step.state not in {"done", "spare"}), found[0])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def log(request: SignedInRequest, slug: str) -> HttpResponseBase:
    """One's own notes of practice, and a new one."""
    record = _record(request, slug)
    step = _step(record, RequirementKind.LOG)
    form = EntryForm(_posted(request))

    def deed() -> None:
        operations.write_entry(
            record=record, requirement=step.requirement, writer=request.user, now=timezone.now(), **form.cleaned_data
        )

    if request.method == "POST" and goes_through(form, deed):
        messages.success(request, SAVED)
        _nudge(request, form.cleaned_data["body"])
        return redirect("certificates:pathway_log", slug=slug)
    entries = LogEntry.objects.owned_by(request.user).filter(record__pathway=record.pathway)
    known = {"record": record, "step": step, "form": form, "entries": entries.select_related("shared_with")}
    return _page(request, "log", known)


def _entry(request: SignedInRequest, uuid: UUID) -> LogEntry:
    rows = LogEntry.objects.owned_by(request.user).select_related("record__pathway")
    found: LogEntry = get_object_or_404(rows, uuid=uuid)
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: SignedInRequest, uuid: UUID) -> HttpResponseBase:
    """Change a note."""
    found = _entry(request, uuid)
    form = EntryForm(_posted(request), initial={"happened_on": found.happened_on, "body": found.body})

    def deed() -> None:
        operations.change_entry(writer=request.user, entry=uuid, now=timezone.now(), **form.cleaned_data)

    if request.method == "POST" and goes_through(form, deed):
        messages.success(request, "Kept.")
        _nudge(request, form.cleaned_data["body"])
        return redirect("certificates:pathway_log", slug=found.record.pathway.slug)
    return _page(request, "entry", {"entry": found, "form": form})


@login_required
@require_POST
def delete_entry(request: SignedInRequest, uuid: UUID) -> HttpResponseBase:
    """Delete a note, at once and for good."""
    found = _entry(request, uuid)
    operations.delete_entry(writer=request.user, entry=uuid)
    messages.success(request, "Deleted.")
    return redirect("certificates:pathway_log", slug=found.record.pathway.slug)


@login_required
@require_POST
def share_entry(request: SignedInRequest, uuid: UUID) -> HttpResponseBase:
    """Give a note to one's assessor, or take it back."""
    found, shares = _entry(request, uuid), request.POST.get("shares") == "yes"
    done = "Your assessor can read this note now." if shares else "Taken back. Only you can read it."
    _say(request, lambda: operations.share_entry(writer=request.user, entry=uuid, shares=shares), done=done)
    return redirect("certificates:pathway_log", slug=found.record.pathway.slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def statement(request: SignedInRequest, slug: str) -> HttpResponseBase:
    """Write the reflective statement: keep it, or send it to the assessor."""
    record = _record(request, slug)
    step = _step(record, RequirementKind.STATEMENT)
    own = Statement.objects.owned_by(request.user).filter(record=record, requirement=step.requirement)
    kept: Statement | None = own.select_related("assessor").first()
    form = StatementForm(_posted(request), initial={"body": kept.body if kept else ""})
    sends = "send" in request.POST

    def deed() -> None:
        body = form.cleaned_data["body"]
        operations.save_statement(
            record=record, requirement=step.requirement, writer=request.user, body=body, sends=sends, now=timezone.now()
        )

    if request.method == "POST" and goes_through(form, deed):
        messages.success(request, "Sent. Only you and your assessor can read it." if sends else SAVED)
        _nudge(request, form.cleaned_data["body"])
        return redirect("certificates:pathway_statement", slug=slug)
    known = {"record": record, "step": step, "form": form, "kept": kept}
    return render(
        request, "certificates/pathway_statement.html", known, status=422 if request.method == "POST" else 200
    )
