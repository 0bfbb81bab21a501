"""Stopping letters without signing in, and saying that one's own address works again."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from lms.outbox import bounces, operations
from lms.outbox.kinds import family_of
from lms.outbox.stopping import read_token


# A mail programme presses this button for its reader and knows no token of a form: the signed address is the key.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once, and stop one family of letters. Opening the address changes nothing: scanners open them all."""
    found = read_token(token)
    if found is None or not family_of(found[1]):
        raise Http404
    person_id, family = found
    done = request.method == "POST" and operations.stop(person_id=person_id, family=family)
    context = {"kinds": family_of(family), "done": done}
    answer = render(request, "outbox/stop.html", context)
    answer["X-Robots-Tag"], answer["Cache-Control"] = "noindex", "private, no-store"
    return answer


@login_required
@require_POST
def works(request: Any) -> HttpResponse:
    """Take somebody's word that their own address takes mail again."""
    bounces.it_works(address=request.user.email)
    messages.success(request, "Good. We go on writing to it.")
    return redirect("/my/")
