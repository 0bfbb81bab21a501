"""Who may write what, and how a draft becomes a page."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page, Workflow

from cms import editors
from cms.models import DatedFact
from lms.outbox.models import Message
from tests.factories.accounts import PersonFactory
from tests.factories.cms import DatedFactFactory, LessonPageFactory, ModulePageFactory


@pytest.fixture(autouse=True)
def _groups(db):
    editors.prepare()


@pytest.fixture
def trainer():
    return writer(trainer=True)


@pytest.fixture
def editor():
    return writer(editor=True)


def writer(*, trainer=False, editor=False, administrator=False):
    person = PersonFactory()
    editors.set_writing_rights(person, trainer=trainer, editor=editor, administrator=administrator)
    return person


@pytest.fixture
def lesson(shelves):
    return LessonPageFactory(parent=ModulePageFactory(parent=shelves.course()), title="Old words")


def edit(client, page, action, **changes):
    """Send the editor's own form back with ``changes``."""
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    form = client.get(url).context["form"]
    data = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    data = {name: value for name, value in data.items() if value is not False}
    counts = {
        f"{prefix}-{part}": n for prefix in form.formsets for part, n in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))
    }
    return client.post(url, {**data, **counts, "body-count": 0, **changes, action: "1"})


def test_a_trainer_writes_and_submits_and_an_editor_approves(client, lesson, trainer, editor):
    client.force_login(trainer)
    assert edit(client, lesson, "action-submit", title="New words").status_code == 302
    lesson.refresh_from_db()
    assert (lesson.title, lesson.has_unpublished_changes) == ("Old words", True)
    state = lesson.current_workflow_task_state

    client.force_login(editor)
    answer = client.post(reverse("wagtailadmin_pages:workflow_action", args=[lesson.pk, "approve", state.pk]), {})
    assert answer.status_code == 302
    lesson.refresh_from_db()
    assert (lesson.title, lesson.has_unpublished_changes) == ("New words", False)


def letters():
    return sorted(Message.objects.values_list("person_id", "subject"))


def test_editors_hear_that_a_page_waits_and_its_author_what_became_of_it(client, lesson, trainer, editor, mailoutbox):
    other = writer(editor=True)
    client.force_login(trainer)
    edit(client, lesson, "action-submit", title="New words")
    waits = "A page is waiting for you"
    assert letters() == sorted([(editor.pk, waits), (other.pk, waits)])
    lesson.refresh_from_db()
    state = lesson.current_workflow_task_state

    client.force_login(editor)
    url = reverse("wagtailadmin_pages:workflow_action", args=[lesson.pk, "reject", state.pk])
    client.post(url, {"comment": "Say it shorter."})
    asked = Message.objects.get(person_id=trainer.pk)
    assert asked.subject == "A page of yours needs a change"
    assert "Say it shorter." in asked.text
    assert f"/cms/pages/{lesson.pk}/edit/" in asked.text
    assert mailoutbox == [], "nothing is sent while somebody waits for the page"


def test_no_subject_says_which_page_it_is(client, lesson, trainer, editor):
    client.force_login(trainer)
    edit(client, lesson, "action-submit", title="Grooming")
    lesson.refresh_from_db()
    client.force_login(editor)
    url = reverse(
        "wagtailadmin_pages:workflow_action", args=[lesson.pk, "approve", lesson.current_workflow_task_state.pk]
    )
    client.post(url, {})
    assert (trainer.pk, "Your page is published") in letters()
    assert not any("Grooming" in subject for _, subject in letters())


def test_a_trainer_cannot_publish_even_by_asking_for_it(client, lesson, trainer):
    client.force_login(trainer)
    edit(client, lesson, "action-publish", title="New words")
    lesson.refresh_from_db()
    assert lesson.title == "Old words"
    assert client.post(reverse("wagtailadmin_pages:unpublish", args=[lesson.pk])).status_code == 302
    lesson.refresh_from_db()
    assert lesson.live


def test_a_trainer_cannot_approve_their_own_words(client, lesson, trainer):
    client.force_login(trainer)
    edit(client, lesson, "action-submit", title="New words")
    lesson.refresh_from_db()
    state = lesson.current_workflow_task_state
    client.post(reverse("wagtailadmin_pages:workflow_action", args=[lesson.pk, "approve", state.pk]), {})
    lesson.refresh_from_db()
    assert lesson.title == "Old words"


def test_an_editor_publishes(client, lesson, editor):
    client.force_login(editor)
    assert edit(client, lesson, "action-publish", title="New words").status_code == 302
    lesson.refresh_from_db()
    assert lesson.title == "New words"


NOT_FOR_WRITERS = [
    "/cms/users/",
    "/cms/users/new/",
    "/cms/groups/",
    "/cms/groups/new/",
    "/cms/settings/cms/brand/",
    "/cms/sites/",
    "/cms/collections/",
    "/cms/workflows/list/",
    "/cms/workflows/add/",
    "/cms/redirects/",
    "/cms/locales/",
]


@pytest.mark.parametrize("role", ["trainer", "editor"])
@pytest.mark.parametrize("url", NOT_FOR_WRITERS)
def test_writers_reach_no_people_groups_or_settings(client, url, role):
    client.force_login(writer(**{role: True}))
    assert client.get(url, follow=False).status_code in {302, 403, 404}


def test_an_administrator_keeps_the_settings_and_no_people(client, shelves):
    client.force_login(writer(administrator=True))
    assert client.get("/cms/settings/cms/brand/", follow=True).status_code == 200
    for url in ("/cms/users/", "/cms/users/new/", "/cms/groups/"):
        assert client.get(url).status_code in {302, 403, 404}


def test_a_person_without_a_role_does_not_get_in(client):
    client.force_login(writer())
    assert client.get("/cms/").status_code in {302, 403, 404}


def test_losing_a_role_ends_it_at_the_next_request(client, trainer):
    client.force_login(trainer)
    assert client.get("/cms/").status_code == 200
    editors.set_writing_rights(trainer, trainer=False, editor=False)
    assert client.get("/cms/").status_code in {302, 403, 404}


def test_the_menu_shows_writers_only_what_is_theirs(client, trainer, shelves):
    client.force_login(trainer)
    text = client.get("/cms/").content.decode()
    assert "/cms/reports/overdue-reviews/" in text
    for words in ("/cms/users/", "/cms/groups/", "guide.wagtail.org", "/cms/settings/"):
        assert words not in text


def test_preparing_again_changes_nothing():
    def picture():
        return (
            sorted(Group.objects.values_list("name", "permissions__codename")),
            sorted(GroupPagePermission.objects.values_list("group__name", "permission__codename", "page_id")),
            sorted(Workflow.objects.values_list("name", "active", "workflow_tasks__task__name")),
        )

    before = picture()
    editors.prepare()
    assert picture() == before


def test_no_group_may_add_or_change_people():
    groups = list(Group.objects.all())
    assert len(groups) >= 3
    for group in groups:
        may = set(group.permissions.values_list("content_type__app_label", "content_type__model"))
        assert {app for app, _ in may - {("certificates", "certificatedesign")}} <= {"wagtailadmin", "cms"}


def test_every_page_goes_through_an_editor():
    assert Page.get_first_root_node().get_workflow().name == editors.APPROVAL


def test_overdue_pages_and_facts_are_reported(client, trainer, shelves, lesson):
    lesson.review_by = "2020-01-02"
    lesson.save()
    DatedFactFactory(title="The old sum", review_by="2021-02-03")
    DatedFactFactory(title="The new sum", review_by="2099-02-03")
    client.force_login(trainer)
    text = client.get("/cms/reports/overdue-reviews/").content.decode()
    assert "2 January 2020" in text
    assert "The old sum" in text
    assert "The new sum" not in text
    assert DatedFact.objects.count() == 2


def test_strangers_and_members_read_no_reports(client, db):
    assert client.get("/cms/reports/overdue-reviews/").status_code == 302
    client.force_login(PersonFactory())
    assert client.get("/cms/reports/overdue-reviews/").status_code in {302, 403, 404}


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+44", "-1", "@cmd"])
def test_no_title_becomes_a_formula_in_a_spreadsheet(client, editor, lesson, title):
    lesson.title = title
    lesson.save_revision(user=editor, log_action=True).publish(user=editor)
    client.force_login(editor)
    answer = client.get("/cms/reports/site-history/?export=csv")
    text = b"".join(answer.streaming_content).decode()
    assert f"'{title}" in text
    assert f",{title}" not in text
    assert f"\n{title}" not in text
