"""Where am I now? A form without scripts, what may help, and what was answered before: for its owner alone."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cms import shelf
from cms.models.selfcheck import SelfCheckPage
from lms.accounts.access import SignedInRequest
from lms.courses.forms import SentForm
from lms.courses.models import SelfCheck
from lms.courses.operations import self_checks
from lms.courses.rules.self_checks import ANSWERS, may_help, wants_help_first

STATEMENT = "answer-"


def _page() -> SelfCheckPage | None:
    page: SelfCheckPage | None = shelf.for_everybody(SelfCheckPage.objects).first()
    return page


def _form(request: HttpRequest, page: SelfCheckPage, *, problem: str = "") -> HttpResponse:
    chosen = {one["key"]: request.POST.get(f"{STATEMENT}{one['key']}", "") for one in page.statements}
    context = {
        "page": page,
        "rows": [(one, f"{STATEMENT}{one['key']}", chosen[one["key"]]) for one in page.statements],
        "choices": ANSWERS.items(),
        "client_id": uuid4(),
        "before": SelfCheck.objects.owned_by(request.user).defer("answers").order_by("-answered_at"),
        "problem": problem,
    }
    return render(request, "courses/self_check.html", context, status=422 if problem else 200)


@login_required
def self_check(request: SignedInRequest) -> HttpResponse:
    """The statements. POST keeps the answers and shows what may help."""
    page = _page()
    if page is None:
        raise Http404
    if request.method != "POST":
        return _form(request, page)
    chosen = {name.removeprefix(STATEMENT): request.POST[name] for name in request.POST if name.startswith(STATEMENT)}
    try:
        kept = self_checks.keep_self_check(
            owner=request.user, page=page, chosen=chosen, client_id=SentForm(request.POST).fact, now=timezone.now()
        )
    except self_checks.NothingAnswered as refusal:
        return _form(request, page, problem=refusal.message)
    return redirect("courses:self_checked", kept.uuid)


@login_required
@require_safe
def self_checked(request: HttpRequest, check: UUID) -> HttpResponse:
    """What was answered, and what may help."""
    mine = get_object_or_404(SelfCheck.objects.owned_by(request.user), uuid=check)
    answers = self_checks.answers_of(mine)
    by_slug = {entry.url.rstrip("/").rpartition("/")[2]: entry for entry in shelf.entries()}
    context = {
        "check": mine,
        "page": _page(),
        "answers": answers,
        "help_first": wants_help_first(answers),
        "may_help": [by_slug[slug] for slug in may_help(answers) if slug in by_slug],
    }
    return render(request, "courses/self_checked.html", context)


@login_required
@require_POST
def delete_self_check(request: SignedInRequest, check: UUID) -> HttpResponse:
    """Gone at once and for good."""
    try:
        self_checks.delete_self_check(owner=request.user, check=check)
    except self_checks.UnknownSelfCheck:
        raise Http404 from None
    messages.success(request, "Those answers are deleted.")
    return redirect("courses:self_check")
