"""Identities of pages and of what people do on them: kept through edits and moves, made anew by a copy."""

import uuid
from typing import Any, ClassVar, Self

from django.db import models

from cms import items


class Identified(models.Model):
    """Mixin of pages that learning records point at."""

    identity = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    # Wagtail's, from the page that this is mixed into
    objects: ClassVar[Any]
    alias_of_id: int | None
    exclude_fields_in_copy: ClassVar[list[str]] = ["identity"]

    class Meta:
        abstract = True

    def with_content_json(self, content: dict[str, Any]) -> Self:
        """Read a revision. The identity is the page's own, whatever page the revision was made for."""
        page: Self = super().with_content_json(content)  # type: ignore[misc]  # Wagtail's page is behind us
        page.identity = self.identity
        return page

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the page; an alias, which Wagtail copies whole, becomes a page of its own."""
        if self._state.adding and self.alias_of_id:
            self.identity = uuid.uuid4()
        super().save(*args, **kwargs)


class HoldsItems(Identified):
    """Mixin of pages whose body asks something: questions, scenarios, private writing.

    ``items_of`` is the page that the identities in the body were made for. A copy carries it over while its own
    identity is new: that is how a copy is known, and its items are made anew, in each of its revisions alike.
    """

    items_of = models.UUIDField(null=True, blank=True, editable=False)

    body: Any  # each page that holds items has one

    class Meta:
        abstract = True

    def settle_items(self) -> None:
        """Give every item of the body an identity of its own."""
        copied = self.items_of not in (None, self.identity)
        raw = self.body.get_prep_value()
        settled = items.settled(raw, home=self.identity, renew=copied)
        if settled is not raw:
            self.body = settled
        self.items_of = self.identity

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Check the page, with its items settled first."""
        self.settle_items()
        super().full_clean(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the page, with its items settled first."""
        self.settle_items()
        super().save(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> Self:
        """Read a revision; those of a copy get the copy's own items."""
        page = super().with_content_json(content)
        page.settle_items()
        return page
