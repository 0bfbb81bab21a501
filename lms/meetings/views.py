"""Where providers ring us. Whoever calls must have signed what they say."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lms.meetings import operations
from lms.meetings.models import Connection


@csrf_exempt  # the caller is a server and shows a signature instead
@require_POST
def hook(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take a message in and answer at once; it is read later, by the worker."""
    rows = Connection.objects.unscoped(because="the signature says whether the caller may")
    connection = get_object_or_404(rows, uuid=uuid)
    try:
        body = request.body
        word = request.GET.get("word", "")
        reply = operations.receive(
            connection=connection, headers=request.headers, body=body, word=word, now=timezone.now()
        )
    except (operations.NotFromProvider, RawPostDataException):  # no provider sends a form of several parts
        return HttpResponse(status=401)
    return JsonResponse(reply)
