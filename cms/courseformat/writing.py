"""Writing what was read into the site: small things first, then pages as drafts, then their words, published."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from itertools import pairwise
from typing import Any

from django.core.files import File
from django.db.models.signals import post_save
from modelsearch import index
from modelsearch.signal_handlers import post_save_signal_handler
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from cms.courseformat.directory import Directory
from cms.courseformat.entries import Entry, Media, Raw
from cms.courseformat.options import keep_ids
from cms.models import ContactLine, DatedFact, Topic, TrainerProfile

SNIPPETS: dict[str, Any] = {"topic": Topic, "trainer": TrainerProfile, "fact": DatedFact, "contact": ContactLine}
_FILES = {"download": ("document",), "video": ("video", "captions"), "audio": ("audio",)}
_PICTURES = {"video": ("poster",)}
Pk = Callable[[Media], int]


def write_snippet(entry: Entry) -> Any:
    """Make or change a topic, trainer, dated fact or contact line."""
    row, _ = SNIPPETS[entry.kind].objects.update_or_create(slug=entry.slug, defaults=entry.fields)
    return SNIPPETS[entry.kind].objects.get(pk=row.pk)


def add_draft(parent: Page, model: Any, entry: Entry, directory: Directory) -> Any:
    """Put a page in its place, for others to point at, before its words are complete."""
    page = model(slug=entry.slug, live=False)
    _fill(page, entry)
    for name, slugs in entry.links.items():
        if not model._meta.get_field(name).many_to_many:
            _link(page, name, slugs, directory)
    return parent.add_child(instance=page)


def _fill(page: Any, entry: Entry) -> None:
    named = {field.name for field in page._meta.get_fields()}
    for name, value in {"identity": entry.identity, "key": entry.key, **entry.fields}.items():
        if name in named:
            setattr(page, name, value)


def publish(page: Any, entry: Entry, directory: Directory) -> Any:
    """Give a page the words of its file in a new revision, and publish that; return the page as published."""
    page.slug = entry.slug
    _fill(page, entry)
    for name, slugs in entry.links.items():
        _link(page, name, slugs, directory)
    if entry.body is not None and hasattr(page, "body"):
        page.body = _resolved(entry, page, directory)
    page.save_revision().publish()
    return page.specific_class.objects.get(pk=page.pk)


_KIND_OF_LINK = {
    "author": "trainer",
    "reviewer": "trainer",
    "topics": "topic",
    "trainers": "trainer",
    "who_to_ring": "contact",
    "deeper": "deeper",
    "linked_workshops": "workshop",
    "linked_courses": "course",
    "topic": "topic",
}


def _link(page: Any, name: str, slugs: list[str], directory: Directory) -> None:
    pks = [directory[_KIND_OF_LINK[name]][slug] for slug in slugs]
    field = page._meta.get_field(name)
    if field.many_to_many:
        setattr(page, name, list(field.related_model.objects.filter(pk__in=pks)))
    else:
        setattr(page, field.attname, pks[0])


def _resolved(entry: Entry, page: Any, directory: Directory) -> list[Raw]:
    """Return the raw body with primary keys for facts and files, and with the options people may have chosen."""
    body = deepcopy(entry.body or [])
    for block in _all(body):
        if block["type"] == "fact":
            block["value"] = directory["fact"][block["value"]]
        for names, kept in ((_FILES, document_for), (_PICTURES, picture_for)):
            for name in names.get(block["type"], ()):
                digest = block["value"][name]
                block["value"][name] = kept(entry.media[digest]) if digest else None
    keep_ids(body, page.body.get_prep_value())
    return body


def _all(stream: list[Raw]) -> Iterator[Raw]:
    for block in stream:
        yield block
        if block["type"] == "notice":
            yield from _all(block["value"]["body"])


def document_for(media: Media) -> int:
    """Return the document with this content, made if the site has none."""
    return _kept(get_document_model(), media)


def picture_for(media: Media) -> int:
    """Return the picture with this content, made if the site has none."""
    return _kept(get_image_model(), media)


def _kept(model: Any, media: Media) -> int:
    with media.path.open("rb") as opened:
        made = model(title=media.title, file=File(opened, name=media.path.name))
        made._set_file_hash()
        made._set_file_metadata() if hasattr(made, "_set_file_metadata") else None
        same = model.objects.filter(file_hash=made.file_hash, title=media.title).order_by("pk").first()
        if same is None:
            made.save()
        return int((same or made).pk)


def put_in_order(parent: Page, children: list[int]) -> None:
    """Put child pages into this order; others that editors have added stay where they are."""
    standing = list(parent.get_children().filter(pk__in=children).values_list("pk", flat=True))
    if standing == children:
        return
    for before, pk in pairwise(children):
        Page.objects.get(pk=pk).move(Page.objects.get(pk=before), pos="right")


@contextmanager
def indexed_at_the_end(written: list[Any]) -> Iterator[None]:
    """Index each page of ``written`` once when all is done, instead of putting off several tasks at every save."""
    models = [model for model in index.get_indexed_models() if issubclass(model, Page)]
    for model in models:
        post_save.disconnect(post_save_signal_handler, sender=model)
    try:
        with disable_reference_index_auto_update():
            yield
    finally:
        for model in models:
            post_save.connect(post_save_signal_handler, sender=model)
    for page in written:
        index.insert_or_update_object(page)
        ReferenceIndex.create_or_update_for_object(page)
