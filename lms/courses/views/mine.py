"""A person's own: their courses, and the notes that only they can read."""

from itertools import groupby
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lms.accounts.access import SignedInRequest
from lms.courses import forms, operations, rules
from lms.courses.joining import asked, invitations
from lms.courses.models import Reflection
from lms.courses.progress import on_courses
from lms.courses.views.doors import for_learners


@login_required
@require_safe
def learning(request: SignedInRequest) -> HttpResponse:
    """The courses a person is on, and those they have finished or left."""
    courses = on_courses(request.user)
    context = {
        "under_way": [one for one in courses if one.is_learner and not one.finished_at],
        "finished": [one for one in courses if one.is_learner and one.finished_at],
        "left": [one for one in courses if not one.is_learner],
        "invitations": invitations(request.user),
        "asked": asked(request.user),
    }
    return render(request, "courses/mine.html", context)


@login_required
@require_safe
def notes(request: HttpRequest) -> HttpResponse:
    """All private notes, by course."""
    mine = Reflection.objects.owned_by(request.user).select_related("course")
    ordered = mine.order_by("course__title", "course_id", "lesson_title", "created_at", "field")
    grouped = [(course, list(group)) for course, group in groupby(ordered, key=lambda note: note.course)]
    done = next((word for word in ("saved", "deleted") if word in request.GET), "")
    return render(request, "courses/notes.html", {"groups": grouped, "done": done})


@login_required
@require_safe
def note(request: HttpRequest, note: UUID) -> HttpResponse:
    """One note, to read again and to change."""
    return _show_note(request, note, None)


def _show_note(request: HttpRequest, note: UUID, sent: forms.NoteForm | None) -> HttpResponse:
    mine = get_object_or_404(Reflection.objects.owned_by(request.user).select_related("course"), uuid=note)
    form = sent or forms.NoteForm(initial={"body": mine.body})
    hand = forms.hand(request.POST, at=mine.updated_at) if sent else None
    context = {
        "note": mine,
        "form": form,
        "signs": rules.listed(rules.identifiers(mine.body)),
        "writer": hand.writer if hand else uuid4(),
        "knows": hand.knows.get(0, "") if hand else mine.updated_at.isoformat(),
        "beside": rules.from_json(mine.beside),
    }
    return render(request, "courses/note.html", context, status=422 if sent else 200)


@for_learners
def change_note(request: SignedInRequest, note: UUID) -> HttpResponse:
    """New words for a note."""
    form = forms.NoteForm(request.POST)
    form.full_clean()
    body = form.cleaned_data.get("body", "")
    now = timezone.now()
    try:
        operations.change_note(owner=request.user, note=note, body=body, now=now, hand=forms.hand(request.POST, at=now))
    except operations.TooLong as refusal:
        form.add_error("body", refusal.message)
        return _show_note(request, note, form)
    return _to_notes("saved" if body.strip() else "deleted")


@for_learners
def settle_beside(request: SignedInRequest, note: UUID) -> HttpResponse:
    """Words that were written elsewhere for the same note: put under it, or let go of."""
    mine = get_object_or_404(Reflection.objects.owned_by(request.user), uuid=note)
    form = forms.BesideForm(request.POST)
    if not form.is_valid():
        raise BadRequest("no number")
    add, number = form.cleaned_data["add"], form.cleaned_data["number"]
    try:
        operations.settle_beside(owner=request.user, note=mine.uuid, number=number, add=add, now=timezone.now())
    except operations.TooLong as refusal:
        messages.info(request, refusal.message)
    return redirect("courses:one_note", note)


def _to_notes(done: str) -> HttpResponse:
    """Back to all notes, which say what was done."""
    return redirect(f"{reverse('courses:notes')}?{done}")


@for_learners
def delete_note(request: SignedInRequest, note: UUID) -> HttpResponse:
    """A note is gone at once and for good."""
    operations.delete_note(owner=request.user, note=note)
    return _to_notes("deleted")
