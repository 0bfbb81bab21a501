"""What somebody answered for themselves about where they are."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models

from lms.common.crypto import EncryptedTextField
from lms.common.scope import Scope, ScopedQuerySet


class SelfCheckQuerySet(ScopedQuerySet):
    """Self-checks. They belong to no agency, so no scope of staff reaches any of them."""

    def within(self, scope: Scope) -> Self:
        """Raise TypeError: nobody reads another person's self-check."""
        raise TypeError("Self-checks are read by their owner only.")


class SelfCheck(models.Model):
    """One self-check: the owner's, encrypted, in no search, report, export of others or log.

    answers: ``[{"key", "words", "answer", "leads_to"}]`` as JSON. The words are copied, so that the answer keeps its
    meaning when the statement changes.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="self_checks")
    client_id = models.UUIDField(help_text="Made by the form: the same form sent twice is one self-check.")
    answers = EncryptedTextField()
    answered_at = models.DateTimeField()

    objects = SelfCheckQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "client_id"], name="one_self_check_a_form")]
        indexes = [models.Index(fields=["person", "answered_at"])]

    def __str__(self) -> str:
        return f"self-check of {self.person_id}"
