"""What providers tell us of their own accord: kept at once, understood later."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from lms.common.errors import DomainError
from lms.common.tasks import enqueue
from lms.meetings import linking, tasks, tokens
from lms.meetings.models import Connection, WebhookEvent
from lms.meetings.providers.base import WebhookRefused


class NotFromProvider(DomainError):
    code = "meetings.not_from_provider"
    message = "This did not come from the provider."


def receive(
    *, connection: Connection, headers: Mapping[str, str], body: bytes, word: str = "", now: datetime
) -> dict[str, Any]:
    """Keep a message and put reading it off; the same again is the same. Return what to answer.

    word: what stood in the address; a message whose words are not signed may speak only of the room whose word it is,
    and once for each signature shown. Raises NotFromProvider for a message with a wrong signature, an old one or a
    changed one: nothing is kept of it.
    """
    adapter = linking.adapter_of(connection)
    try:
        reply = adapter.verify_webhook(headers, body, now=now)
    except WebhookRefused as refused:
        raise NotFromProvider(connection_id=connection.pk) from refused
    if reply is not None:
        return reply
    loose = adapter.loose(headers, body)
    if loose and not tokens.same(linking.word_for(loose.room), word):
        raise NotFromProvider(connection_id=connection.pk)
    key = hashlib.sha256(f"{loose.room} {loose.shown}".encode() if loose else body).hexdigest()
    text = body.decode("utf-8", "replace").replace("\x00", "")
    with transaction.atomic():
        facts = {"body": text, "received_at": now}
        event, is_new = WebhookEvent.objects.get_or_create(connection=connection, key=key, defaults=facts)
        if is_new:
            enqueue(tasks.take_in, event_id=event.pk)
    return {}
