"""Writing what was read into the site: small things first, then pages as drafts, then their words, published."""

from collections.abc import Iterator
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
from cms.models import Loaded

_FILES = {"download": ("document",), "video": ("video", "captions"), "audio": ("audio",)}
_PICTURES = {"video": ("poster",)}


def write_snippet(model: Any, entry: Entry) -> Any:
    """Make or change a topic, trainer, dated fact or contact line; return it as the database holds it."""
    row, _ = model.objects.update_or_create(slug=entry.slug, defaults=entry.fields)
    return model.objects.get(pk=row.pk)


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
    if "items_of" in named:
        page.items_of = page.identity  # the items of a file are the page's own, even under a new key


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
    "after": "course",
}


def _link(page: Any, name: str, slugs: list[str], directory: Directory) -> None:
    known = directory[_KIND_OF_LINK[name]]
    pks = [known[slug] for slug in slugs if slug in known]  # an editor may have taken one off the site
    field = page._meta.get_field(name)
    if field.many_to_many:
        setattr(page, name, list(field.related_model.objects.filter(pk__in=pks)))
    else:
        setattr(page, field.attname, pks[0] if pks else None)


def _resolved(entry: Entry, page: Any, directory: Directory) -> list[Raw]:
    """Return the raw body with primary keys for facts and files, and with the options people may have chosen."""
    body = deepcopy(entry.body or [])
    for block in _all(body):
        if block["type"] == "fact":
            block["value"] = directory["fact"].get(block["value"])
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
    name = f"file/{media.digest}"
    before = Loaded.objects.filter(name=name).values_list("stamp", flat=True).first()
    if before and model.objects.filter(pk=before).exists():
        return int(before)
    with media.path.open("rb") as opened:
        made = model.objects.create(title=media.title, file=File(opened, name=media.path.name))
    made.get_file_size()  # looked up once and kept, as for a file that an editor brings
    made.get_file_hash()
    Loaded.objects.update_or_create(name=name, defaults={"digest": media.digest, "stamp": str(made.pk)})
    return int(made.pk)


def put_under(page: Any, parent_pk: int | None) -> None:
    """Move a page whose file has moved; one that is in its place stays."""
    if page.get_parent().pk != parent_pk:
        page.move(Page.objects.get(pk=parent_pk), pos="last-child")
        page.refresh_from_db()


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
