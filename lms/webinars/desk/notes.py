"""Writing to everybody with a place: write, look at it, send."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lms.agencies.access import StaffRequest, staff_required
from lms.common.errors import DomainError
from lms.webinars import access, mail, operations
from lms.webinars.desk.registers import session_of
from lms.webinars.forms.after import NoteForm, nudge
from lms.webinars.models import Session


@staff_required(*access.SESSION_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: StaffRequest, uuid: UUID) -> HttpResponse:
    """Show the message as it will read and who gets it, before anything goes; one can go back to the words."""
    session = session_of(request, uuid)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, session, form, status=422 if form.is_bound else 200)
    if "send" not in request.POST:
        return _page(request, session, form, is_preview="back" not in request.POST)
    try:
        note = operations.send_note(session=session, actor=request.user, now=timezone.now(), **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return _page(request, session, form, status=422)
    people = note.copies.count()
    messages.success(request, f"Sent to {people} {'person' if people == 1 else 'people'}, a mail each.")
    return redirect("webinars:desk_after", uuid=uuid)


def _page(
    request: StaffRequest, session: Session, form: NoteForm, *, is_preview: bool = False, status: int = 200
) -> HttpResponse:
    context = {
        "session": session,
        "form": form,
        "is_preview": is_preview,
        "people": operations.who_gets(session),
        "subject": f"A message about {mail.short_when(session.starts_at, session.zone)}",
        "signs": nudge(form.cleaned_data["words"]) if is_preview else "",
    }
    return render(request, "webinars/desk/write.html", context, status=status)
