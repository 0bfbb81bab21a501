"""The public check of a code: how a certificate stands, and never whose it is unless its holder said so.

Everybody gets the page that strangers get, signed in or not: it shows holders exactly what others see, and needs no
cookie. It tells no site where somebody came from, so browsers send forms from it without an origin; that is why the
comparison asks for no token. It changes nothing that belongs to anybody.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lms.accounts.rules import same_name
from lms.certificates import operations, reports
from lms.certificates.forms import MatchForm
from lms.certificates.models import Award
from lms.certificates.rules import State, read_code
from lms.common.failures import too_many_tries
from lms.common.limits import allowed, client_address

LOOKS = {"times": 30, "seconds": 600}  # from one address
TRIES = {"times": 5, "seconds": 3600}  # at the name on one certificate, from one address
TRIES_OF_ALL = {"times": 30, "seconds": 86400}  # at the name on one certificate, from everywhere
COMPARED = {State.ACTIVE, State.EXPIRED, State.REPLACED}  # of the others nobody learns whose they were


@dataclass(frozen=True)
class Answer:
    """What may be said of a certificate."""

    award: Award
    standing: State
    at: datetime | None  # when it came to stand so

    @property
    def compares_names(self) -> bool:
        """Whether a name can be compared with it."""
        return self.standing in COMPARED and bool(self.award.name) and not self.award.shows_name

    @property
    def shown_name(self) -> str:
        """The name, if its holder lets everybody see it."""
        return self.award.name if self.award.shows_name and self.standing in COMPARED else ""


def _rendered(request: HttpRequest, status: int = 200, **known: object) -> HttpResponse:
    as_a_stranger = {"user": AnonymousUser(), "at_desk": False, "may_write": False}
    return _sealed(render(request, "certificates/check.html", {**known, **as_a_stranger}, status=status))


def _sealed(answer: HttpResponse) -> HttpResponse:
    """Keep the page out of caches, search engines and the address bars of other sites."""
    answer["Cache-Control"] = "no-store, private"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@require_safe
def check_form(request: HttpRequest) -> HttpResponse:
    """The form; with a code in the address, the answer."""
    if typed := request.GET.get("code", "").strip():
        return _answer_page(request, typed)
    return _rendered(request)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, typed: str) -> HttpResponse:
    """The answer for the code in the address; a POST compares a name with the one on the certificate."""
    if request.method == "POST":
        return _compare(request, typed)
    return _answer_page(request, typed)


def _may_look(request: HttpRequest) -> bool:
    return allowed(action="certificates.check", who=client_address(request), **LOOKS)


def _answer_page(request: HttpRequest, typed: str) -> HttpResponse:
    if not _may_look(request):
        return _sealed(too_many_tries(request, seconds=LOOKS["seconds"]))
    today = timezone.localdate()
    found = _find(typed, today)
    if found is None:
        return _unknown(request)
    if found.award.person_id is None or found.award.person_id != request.user.pk:
        operations.count_lookup(award=found.award, day=today)
    return _page(request, found, MatchForm())


def _find(typed: str, today: date) -> Answer | None:
    code = read_code(typed)
    award = Award.objects.for_check(code).select_related("agency").first() if code else None
    if award is None:
        return None
    standing = award.standing(today)
    has_moment = standing in {State.SUSPENDED, State.REPLACED, State.WITHDRAWN}
    return Answer(award, standing, reports.changed_at(award) if has_moment else None)


def _unknown(request: HttpRequest) -> HttpResponse:
    """No such code, or no code at all: one answer, to the byte."""
    return _rendered(request, 404, is_unknown=True)


def _page(
    request: HttpRequest, found: Answer, form: MatchForm, *, matches: bool | None = None, status: int = 200
) -> HttpResponse:
    return _rendered(request, status, answer=found, award=found.award, form=form, matches=matches, now=timezone.now())


def _compare(request: HttpRequest, typed: str) -> HttpResponse:
    if not _may_look(request):
        return _sealed(too_many_tries(request, seconds=LOOKS["seconds"]))
    found = _find(typed, timezone.localdate())
    if found is None or not found.compares_names:
        return _unknown(request)
    form = MatchForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    if not _may_try(request, found.award):
        return _sealed(too_many_tries(request, seconds=TRIES["seconds"]))
    matches = same_name(form.cleaned_data["name"], found.award.name)
    return _page(request, found, form, matches=matches)


def _may_try(request: HttpRequest, award: Award) -> bool:
    one, all_of_them = f"{award.pk} {client_address(request)}", str(award.pk)
    return allowed(action="certificates.name", who=one, **TRIES) and allowed(
        action="certificates.name_from_all", who=all_of_them, **TRIES_OF_ALL
    )
