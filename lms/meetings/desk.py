"""Where an agency's rooms are made: how to reach a provider, whether that works, and which one is used."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lms.agencies.access import StaffRequest, staff_required
from lms.agencies.models import Agency
from lms.common.errors import DomainError
from lms.meetings import linking, operations, reports
from lms.meetings.access import ROOM_ROLES, agencies_to_connect
from lms.meetings.forms import ConnectionForm
from lms.meetings.models import Connection, ProviderName

LOOK_AGAIN = "5"  # seconds: how soon the page asks whether a trial has ended
CHOOSE_ONE = "Choose one of the services."


def _agency(request: StaffRequest) -> Agency | None:
    """The agency asked for, else the first of one's own; None for who has none."""
    agencies = agencies_to_connect(request.user)
    asked = request.POST.get("agency") or request.GET.get("agency")
    if not asked:
        return agencies.first()
    found = agencies.filter(slug=asked).first()
    if found is None:
        raise Http404
    return found


def _services(kept: Mapping[str, Connection], typed: ConnectionForm | None) -> list[dict[str, Any]]:
    """Each service with its form: the one that was just typed, or one that begins with what is kept."""
    services = []
    for provider in ProviderName:
        connection = kept.get(provider)
        form = typed if typed and typed.provider == provider else ConnectionForm(provider=provider, kept=connection)
        services.append(
            {
                "form": form,
                "connection": connection,
                "trouble": reports.in_words(connection.trial_trouble) if connection else "",
                "is_open": form is typed,
                "hook": linking.hook_address(connection) if connection and provider == ProviderName.ZOOM else "",
            }
        )
    return services


def _page(
    request: StaffRequest,
    agency: Agency | None,
    *,
    typed: ConnectionForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    kept = reports.connections([agency.pk]) if agency else {}
    context = {
        "agency": agency,
        "agencies": agencies_to_connect(request.user),
        "services": _services(kept, typed),
        "in_use": next((name for name, one in kept.items() if one.is_chosen), ""),
        "typed": typed,
        "refusal": refusal,
    }
    answer = render(request, "meetings/desk/rooms.html", context, status=status)
    if status == 200 and any(one.trial_is_under_way for one in kept.values()):
        answer["Refresh"] = LOOK_AGAIN
    return answer


def _provider(request: HttpRequest) -> ProviderName | None:
    asked = request.POST.get("provider", "")
    return ProviderName(asked) if asked in ProviderName.values else None


def _back(agency: Agency) -> HttpResponse:
    answer = redirect("meetings:desk_rooms")
    answer["Location"] += f"?agency={agency.slug}"
    return answer


@staff_required(*ROOM_ROLES)
@require_safe
def rooms(request: StaffRequest) -> HttpResponse:
    """Which services the agency can use, and which one it does."""
    return _page(request, _agency(request))


@staff_required(*ROOM_ROLES)
@require_POST
def save(request: StaffRequest) -> HttpResponse:
    """Keep how to reach a service, and have it tried."""
    agency, provider = _agency(request), _provider(request)
    if agency is None or provider is None:
        return _page(request, agency, refusal=CHOOSE_ONE, status=422)
    kept = reports.connections([agency.pk]).get(provider)
    form = ConnectionForm(request.POST, provider=provider, kept=kept)
    if form.is_valid():
        try:
            operations.save_connection(
                agency=agency,
                provider=provider,
                address=form.cleaned_data["address"],
                secrets=form.secrets,
                may_record=form.cleaned_data.get("may_record", False),
                actor=request.user,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_error("address", refusal.message)
        else:
            messages.success(request, "Saved. We're trying it out now.")
            return _back(agency)
    return _page(request, agency, typed=form.without_secrets(), status=422)


@staff_required(*ROOM_ROLES)
@require_POST
def choose(request: StaffRequest) -> HttpResponse:
    """Use one of the services for new rooms, or none."""
    agency, provider = _agency(request), request.POST.get("provider")
    if agency is None or provider is None:
        return _page(request, agency, refusal=CHOOSE_ONE, status=422)
    try:
        operations.choose_provider(agency=agency, provider=provider, actor=request.user, now=timezone.now())
    except DomainError as refusal:
        return _page(request, agency, refusal=refusal.message, status=422)
    messages.success(request, "Saved. New rooms follow this.")
    return _back(agency)


@staff_required(*ROOM_ROLES)
@require_POST
def try_out(request: StaffRequest) -> HttpResponse:
    """Have the worker see whether a service answers."""
    agency, provider = _agency(request), _provider(request)
    connection = reports.connections([agency.pk]).get(provider) if agency and provider else None
    if agency is None or connection is None:
        return _page(request, agency, refusal=operations.NotConnected.message, status=422)
    operations.ask_for_trial(connection=connection, now=timezone.now())
    messages.success(request, "We're trying it out. The answer appears on this page in a moment.")
    return _back(agency)
