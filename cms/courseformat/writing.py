"""Writing what was read into the site: small things first, then pages as drafts, then their words, published."""

import hashlib
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

FILES = {"download": ("document",), "video": ("video", "captions"), "audio": ("audio",)}
PICTURES = {"video": ("poster",)}


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
    draft(page, entry, directory).publish()
    return page.specific_class.objects.get(pk=page.pk)


def draft(page: Any, entry: Entry, directory: Directory, *, by: Any = None) -> Any:
    """Give a page the words of its file in a new revision, and return that: what is on the site stays.

    by: who does it.
    """
    page.slug = entry.slug
    _fill(page, entry)
    for name, slugs in entry.links.items():
        _link(page, name, slugs, directory)
    if entry.body is not None and hasattr(page, "body"):
        page.body = _resolved(entry, page, directory)
    return page.save_revision(user=by)


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
    for block in all_blocks(body):
        if block["type"] == "fact":
            block["value"] = directory["fact"].get(block["value"])
        if block["type"] == "workshop":
            block["value"]["workshop"] = directory["workshop"].get(block["value"]["workshop"])
        for names, kept in ((FILES, document_for), (PICTURES, picture_for)):
            for name in names.get(block["type"], ()):
                digest = block["value"][name]
                block["value"][name] = kept(entry.media[digest]) if digest else None
    keep_ids(body, page.body.get_prep_value())
    return body


def all_blocks(stream: list[Raw]) -> Iterator[Raw]:
    """Yield the raw blocks of ``stream`` in reading order, those inside notices too."""
    for block in stream:
        yield block
        if block["type"] == "notice":
            yield from all_blocks(block["value"]["body"])


def document_for(media: Media) -> int:
    """Return the document with this content, made if the site has none."""
    return _kept(get_document_model(), media)


def picture_for(media: Media) -> int:
    """Return the picture with this content, made if the site has none."""
    return _kept(get_image_model(), media)


def _kept(model: Any, media: Media) -> int:
    before = _kept_before(model, media)
    if before:
        return before
    with media.path.open("rb") as opened:
        made = model.objects.create(title=media.title, file=File(opened, name=media.path.name))
    return _remember(made, media)


def _kept_before(model: Any, media: Media) -> int | None:
    kept = Loaded.objects.filter(name=f"file/{media.digest}").values_list("stamp", flat=True).first()
    return int(kept) if kept and model.objects.filter(pk=kept).exists() else None


def _remember(made: Any, media: Media) -> int:
    made.get_file_size()  # looked up once and kept, as for a file that an editor brings
    made.get_file_hash()
    kept = {"digest": media.digest, "stamp": str(made.pk)}
    Loaded.objects.update_or_create(name=f"file/{media.digest}", defaults=kept)
    return int(made.pk)


def keep_as_it_is(media: Media, *, is_picture: bool) -> Any:
    """Put a file into the library byte for byte, unless it is there; return its row if one was made.

    The caller has looked at a picture: it carries nothing but what it shows, so it need not be drawn anew.
    """
    model = get_image_model() if is_picture else get_document_model()
    if _kept_before(model, media):
        return None
    with media.path.open("rb") as opened:
        twin = model.objects.filter(file_hash=hashlib.file_digest(opened, "sha1").hexdigest()).first()
        row = twin or model(title=media.title)
        if twin is None:
            opened.seek(0)
            name = row._meta.get_field("file").generate_filename(row, media.path.name)
            row.file = row.file.storage.save(name, File(opened))
            row.save()
    _remember(row, media)
    return None if twin else row


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
