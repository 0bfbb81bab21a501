"""Certificates on paper, and what is read back from them."""

import io
import re
import subprocess

import pikepdf

from lms.certificates import pdf, rules
from lms.certificates.typesetting import order
from tests.factories.certificates import AwardFactory

CODE = "7K3M9QXD2HPT4VWC"


def paper_award(**said):
    """An award that is in no database: the drawing needs none."""
    usual = {"agency": None, "person": None, "is_neutral": False, "issuer": "Wrenbrook Adoption", "code": CODE}
    award = AwardFactory.build(**{**usual, **said})
    statement = rules.STATEMENTS[award.kind].format(hours="2 hours 15 minutes", issuer=award.issuer)
    award.says = {**award.says, "statement": statement}
    return award


def drawn(award, **how):
    """The bytes of its PDF, drawn here and not in the press."""
    return pdf.draw(order(award, **how)).pdf


def opened(made):
    return pikepdf.open(io.BytesIO(made))


def text_of(made, *options):
    command = ["pdftotext", *options, "-", "-"]
    return subprocess.run(command, input=made, capture_output=True, check=True).stdout.decode()


def faces_of(made):
    """The names of the faces that are used, and whether each is in the file."""
    with opened(made) as book:
        fonts = book.pages[0].Resources.Font.values()
        return {str(f.BaseFont): "/FontFile2" in f.DescendantFonts[0].FontDescriptor for f in fonts}


def tree(element, tags):
    """All structure elements as (tag, alternative text)."""
    if isinstance(element, pikepdf.Array):
        for child in element:
            tree(child, tags)
    elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
        tags.append((str(element.S), str(element.get("/Alt", ""))))
        tree(element.get("/K", pikepdf.Array()), tags)
    return tags


def boxes(made):
    """Where each word stands: (left, top, right, bottom, word) in millimetres."""
    found = text_of(made, "-bbox")
    pattern = r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)<'
    return [(*(float(side) / 72 * 25.4 for side in box[:4]), box[4]) for box in re.findall(pattern, found)]
