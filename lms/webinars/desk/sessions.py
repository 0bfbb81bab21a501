"""Sessions at the desk: as a list, and by the days of a month or a week."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from lms.agencies.access import StaffRequest, staff_required
from lms.webinars import access, diary, reports
from lms.webinars.forms import DiaryForm
from lms.webinars.models import SessionQuerySet

ON_A_PAGE = 50
KEPT = ("agency", "mine", "when", "view", "on")  # what filters leave as it is
YEARS = range(2000, 2100)  # beyond them there is nothing to look at


@dataclass(frozen=True)
class Asked:
    """What the address of a page asks for: the sessions, and what the page says of that."""

    rows: SessionQuerySet
    context: dict[str, object]


def _asked(request: StaffRequest) -> Asked:
    """Sessions that one may see, of the agency, the person and the kind asked for."""
    rows = access.sessions_at_desk(request.user)
    choices = diary.choices(rows)
    form = DiaryForm(request.GET, choices=choices)
    only = next((agency for agency in choices.agencies if agency[0] == request.GET.get("agency")), None)
    mine = request.GET.get("mine") == "1"
    rows = form.wanted.of(rows)
    if mine:
        rows = rows.filter(access.own(request.user))
    if only:
        rows = rows.filter(agency__slug=only[0])
    kept = [(name, request.GET[name]) for name in KEPT if name in request.GET]
    return Asked(rows, {"agencies": choices.agencies, "only": only, "mine": mine, "kept": kept, "form": form})


@staff_required(*access.SESSION_ROLES)
@require_safe
def sessions(request: StaffRequest) -> HttpResponse:
    """What is coming up, or what was; all that one may see, or what is asked for."""
    past = request.GET.get("when") == "past"
    asked = _asked(request)
    found = reports.at_desk(asked.rows, past=past, now=timezone.now())
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "webinars/desk/sessions.html", {**asked.context, "page": page, "past": past})


@staff_required(*access.SESSION_ROLES)
@require_safe
def calendar(request: StaffRequest) -> HttpResponse:
    """All sessions of a month or a week, day by day."""
    today = timezone.localdate()
    on = _day(request.GET.get("on"), today)
    weekly = request.GET.get("view") == "week"
    first, last = _week(on) if weekly else _month(on)
    asked = _asked(request)
    days = diary.days(asked.rows, first=first, last=last, month=None if weekly else on.month)
    about = {
        "weeks": [days[n : n + 7] for n in range(0, len(days), 7)],
        "weekly": weekly,
        "on": on,
        "today": today,
        "before": first - timedelta(days=7) if weekly else on.replace(day=1) - timedelta(days=1),
        "after": last + timedelta(days=1) if weekly else on.replace(day=28) + timedelta(days=4),
        "is_empty": not any(day.parts for day in days),
    }
    return render(request, "webinars/desk/calendar.html", {**asked.context, **about})


def _day(asked: str | None, today: date) -> date:
    try:
        day = date.fromisoformat(asked or "")
    except ValueError:
        return today
    return day if day.year in YEARS else today


def _week(on: date) -> tuple[date, date]:
    first = on - timedelta(days=on.weekday())
    return first, first + timedelta(days=6)


def _month(on: date) -> tuple[date, date]:
    """From the Monday on or before the first of its month to the Sunday on or after the last."""
    first, _ = _week(on.replace(day=1))
    month_after = (on.replace(day=28) + timedelta(days=4)).replace(day=1)
    return first, _week(month_after - timedelta(days=1))[1]
