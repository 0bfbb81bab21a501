"""A package in the text file of a lesson: named by its identity, and never lost without a word."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cms.models import LessonPage
from tests.cms_content.files import LESSON, LESSON_PATH, Tree
from tests.factories.packages import package_of

pytestmark = pytest.mark.django_db
BLOCK = """
::: package
key: P1
title: The first week
package: {identity}
minutes: 10
instead: Ring your trainer.
:::
"""


def load(root, identity):
    out = StringIO()
    Tree(root).write(LESSON_PATH, LESSON + BLOCK.format(identity=identity))
    try:
        call_command("load_workshops", str(root), stdout=out, stderr=out)
    except CommandError as refusal:
        out.write(str(refusal))
    return out.getvalue()


def test_a_lesson_holds_the_package_that_its_file_names(tmp_path):
    package = package_of()
    load(tmp_path / "course", package.uuid)
    block = next(block for block in LessonPage.objects.get(key="A1.1").body if block.block_type == "package")
    assert block.value["package"] == str(package.uuid)
    assert block.value["item_id"]
    block.block.clean(block.value)


@pytest.mark.parametrize("identity", ["b6f8d7a4-3f0e-4c0e-9a57-0d7a2c1e5f11", "media/package.zip", ""])
def test_one_that_is_not_here_refuses_the_whole_with_file_and_line(tmp_path, identity):
    said = load(tmp_path / "course", identity)
    line = (LESSON + BLOCK).splitlines().index("package: {identity}") + 1
    assert f"{LESSON_PATH}:{line}: there is no package in this course, or ready at the desk, with the identity" in said
    assert not LessonPage.objects.exists()
