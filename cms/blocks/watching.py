"""Video and audio. Neither is ever the only way to learn something: the transcript is required."""

from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from cms.blocks.parts import IdentityBlock, item_layout, key_block, passage

SAID = "<p>You don't need the perfect words. You need words that are true, and short, and said kindly.</p>"


class VideoBlock(blocks.StructBlock):
    """A video, with captions and with everything it says to read."""

    title = blocks.CharBlock(max_length=150)
    video = DocumentChooserBlock(help_text="An mp4 file.")
    captions = DocumentChooserBlock(help_text="A vtt file.")
    poster = ImageChooserBlock(required=False, help_text="Shown before it plays. No faces of children.")
    minutes = blocks.IntegerBlock(min_value=1, max_value=60)
    transcript = passage()
    key = key_block()
    item_id = IdentityBlock(required=False, label="Identity")

    class Meta:
        icon = "media"
        group = "Watch and listen"
        label = "Video"
        template = "courses/blocks/video.html"
        preview_template = "cms/editor/watching_preview.html"
        form_layout = item_layout("title", "video", "captions", "poster", "minutes", "transcript")
        label_format = "{title}"
        description = "A video with captions and a transcript. It never starts by itself."
        preview_value = {"title": "Finding the words", "minutes": 2, "transcript": SAID, "key": "", "item_id": None}


class AudioBlock(blocks.StructBlock):
    """Something to listen to, and to read."""

    title = blocks.CharBlock(max_length=150)
    audio = DocumentChooserBlock(help_text="An mp3 file.")
    minutes = blocks.IntegerBlock(min_value=1, max_value=60)
    transcript = passage()
    key = key_block()
    item_id = IdentityBlock(required=False, label="Identity")

    class Meta:
        icon = "media"
        group = "Watch and listen"
        label = "Audio"
        template = "courses/blocks/audio.html"
        preview_template = "cms/editor/watching_preview.html"
        form_layout = item_layout("title", "audio", "minutes", "transcript")
        label_format = "{title}"
        description = "Something to listen to, with a transcript."
        preview_value = {"title": "Finding the words", "minutes": 2, "transcript": SAID, "key": "", "item_id": None}
