"""Reading letters before any worker has sent them."""

from lms.outbox.kinds import kind_of
from lms.outbox.models import Message


def write_out() -> None:
    """Give each letter that waits without words the words it would go out with now, if there is still cause for it."""
    for message in Message.objects.filter(text="").order_by("pk"):
        write = kind_of(message.kind).write
        if write and (words := write(message)):
            Message.objects.filter(pk=message.pk).update(**vars(words))
