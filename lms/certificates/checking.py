"""The public check: by code, by QR or by the file itself.

Everybody gets the page that strangers get, signed in or not: it shows holders exactly what others see, and needs no
cookie. It tells no site where somebody came from, so browsers send forms from it without an origin; that is why its
forms ask for no token. They change nothing that belongs to anybody.
"""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cms.context import current as current_brand
from cms.keeping import remember
from lms.accounts.rules import same_name
from lms.certificates import answers, operations
from lms.certificates.answers import Answer
from lms.certificates.forms import FileForm, MatchForm
from lms.certificates.models import Award
from lms.common.failures import too_many_tries
from lms.common.limits import allowed, client_address, spent

MISSES = {"times": 30, "seconds": 600}  # codes that nobody has, from one address
TRIES = {"times": 5, "seconds": 3600}  # at the name on one certificate, from one address
TRIES_OF_ALL = {"times": 30, "seconds": 86400}  # at the name on one certificate, from everywhere
CODE, RESULT = "\ue000", "\ue001"  # stand in the kept page where a code and an answer go; nobody types them


# --- The page ------------------------------------------------------------------------------------------------------


def _page(request: HttpRequest, result: str = "", *, code: str = "", status: int = 200) -> HttpResponse:
    """Put an answer into the page, which is the same for everybody and made once."""
    before, between, after = remember("certificates.check", lambda: _frame(request))
    return _sealed(HttpResponse(f"{before}{escape(code)}{between}{result}{after}", status=status))


def _frame(request: HttpRequest) -> tuple[str, ...]:
    as_a_stranger = {"user": AnonymousUser(), "at_desk": False, "may_write": False, "messages": ()}
    known = {"code": CODE, "result": RESULT, "file_form": FileForm(), **as_a_stranger}
    before, rest = render_to_string("certificates/check.html", known, request).split(CODE)
    return before, *rest.split(RESULT)


def _sealed(answer: HttpResponse) -> HttpResponse:
    """Keep the page out of caches, search engines and the address bars of other sites."""
    answer["Cache-Control"] = "no-store, private"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _said(found: Answer, form: MatchForm | None = None, *, matches: bool | None = None) -> str:
    return render_to_string(
        "certificates/parts/answer.html",
        {
            "answer": found,
            "award": found.award,
            "form": form,
            "matches": matches,
            "brand": current_brand.get(),
            "now": timezone.now(),
        },
    )


def _answered(
    request: HttpRequest,
    found: Answer,
    form: MatchForm | None = None,
    *,
    matches: bool | None = None,
    status: int = 200,
) -> HttpResponse:
    said = _said(found, form, matches=matches)
    return _page(request, said, code=found.award.shown_code, status=status)


# --- How often -----------------------------------------------------------------------------------------------------


def _is_stopped(request: HttpRequest) -> bool:
    """Whether this address has missed too often lately: then it gets no answer at all."""
    return spent(action="certificates.check", who=client_address(request), times=MISSES["times"])


def _too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    return _sealed(too_many_tries(request, seconds=seconds))


def _missed(request: HttpRequest, template: str) -> HttpResponse:
    """No such code, or no code at all: one answer, to the byte, and the same work."""
    if not allowed(action="certificates.check", who=client_address(request), **MISSES):
        return _too_many(request, MISSES["seconds"])
    operations.note_miss(now=timezone.now())
    return _page(request, render_to_string(template), status=404)


def _count(request: HttpRequest, award: Award) -> None:
    """Count a look, unless it is the holder's own."""
    if award.person_id is None or award.person_id != request.user.pk:
        operations.count_lookup(award=award, day=timezone.localdate())


# --- By code -------------------------------------------------------------------------------------------------------


@require_safe
def check_form(request: HttpRequest) -> HttpResponse:
    """The form; with a code in the address, the answer."""
    if typed := request.GET.get("code", "").strip():
        return _answer_page(request, typed)
    return _page(request)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, typed: str) -> HttpResponse:
    """The answer for the code in the address; a POST compares a name with the one on the certificate."""
    if request.method == "POST":
        return _compare(request, typed)
    return _answer_page(request, typed)


def _answer_page(request: HttpRequest, typed: str) -> HttpResponse:
    if _is_stopped(request):
        return _too_many(request, MISSES["seconds"])
    found = answers.to_code(typed, today=timezone.localdate())
    if found is None:
        return _missed(request, "certificates/parts/unknown.html")
    _count(request, found.award)
    return _answered(request, found)


def _compare(request: HttpRequest, typed: str) -> HttpResponse:
    if _is_stopped(request):
        return _too_many(request, MISSES["seconds"])
    found = answers.to_code(typed, today=timezone.localdate())
    if found is None or not found.compares_names:
        return _missed(request, "certificates/parts/unknown.html")
    form = MatchForm(request.POST)
    if not form.is_valid():
        return _answered(request, found, form, status=422)
    if not _may_try(request, found.award):
        return _too_many(request, TRIES["seconds"])
    return _answered(request, found, matches=same_name(form.cleaned_data["name"], found.award.name))


def _may_try(request: HttpRequest, award: Award) -> bool:
    one, all_of_them = f"{award.pk} {client_address(request)}", str(award.pk)
    return allowed(action="certificates.name", who=one, **TRIES) and allowed(
        action="certificates.name_from_all", who=all_of_them, **TRIES_OF_ALL
    )


# --- By the file ---------------------------------------------------------------------------------------------------


@csrf_exempt
@require_POST
def check_file(request: HttpRequest) -> HttpResponse:
    """The answer for a PDF that was sent: is it one that we made, to the byte? It is read and let go."""
    if _is_stopped(request):
        return _too_many(request, MISSES["seconds"])
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        said = render_to_string("certificates/parts/unreadable.html", {"form": form})
        return _page(request, said, status=422)
    found = answers.to_file(form.cleaned_data["file"], today=timezone.localdate())
    if found is None:
        return _missed(request, "certificates/parts/other_file.html")
    _count(request, found.award)
    return _answered(request, found)
