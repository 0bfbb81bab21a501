"""Who may write: trainers write and submit, editors publish and approve, administrators keep the settings.

Rights follow from these three groups alone, and the groups from a person's roles: whoever changes a role calls
``set_writing_rights``. Nobody is given rights over people here: those are kept at the desk.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

TRAINERS, EDITORS, ADMINISTRATORS = "Trainers", "Editors", "Administrators"
APPROVAL = "Editor approves"

WRITES = ("add_page", "change_page")
PUBLISHES = (*WRITES, "publish_page", "lock_page", "unlock_page")
PAGES = {TRAINERS: WRITES, EDITORS: PUBLISHES, ADMINISTRATORS: PUBLISHES}

FILES_ADDED = ("add_image", "choose_image", "add_document", "choose_document")
FILES_KEPT = (*FILES_ADDED, "change_image", "delete_image", "change_document", "delete_document")
FILES = {TRAINERS: FILES_ADDED, EDITORS: FILES_KEPT, ADMINISTRATORS: FILES_KEPT}

ENTER = ("wagtailadmin.access_admin",)
READS_SNIPPETS = ("cms.view_datedfact", "cms.view_contactline", "cms.view_topic", "cms.view_trainerprofile")
KEEPS_SNIPPETS = tuple(
    f"cms.{deed}_{thing}"
    for deed in ("add", "change", "delete", "view")
    for thing in ("datedfact", "contactline", "topic", "trainerprofile")
)
DESIGNS_CERTIFICATES = tuple(f"certificates.{deed}_certificatedesign" for deed in ("add", "change", "view"))
RIGHTS = {
    TRAINERS: (*ENTER, *READS_SNIPPETS),
    EDITORS: (*ENTER, *KEEPS_SNIPPETS, *DESIGNS_CERTIFICATES),
    ADMINISTRATORS: (*ENTER, *KEEPS_SNIPPETS, *DESIGNS_CERTIFICATES, "cms.change_brand"),
}


def set_writing_rights(user: Any, *, trainer: bool, editor: bool, administrator: bool = False) -> None:
    """Put a person into the groups that their roles ask for, and out of the others."""
    wanted = {TRAINERS: trainer, EDITORS: editor, ADMINISTRATORS: administrator}
    groups = {group.name: group for group in Group.objects.filter(name__in=wanted)}
    with transaction.atomic():
        user.groups.remove(*(groups[name] for name, is_wanted in wanted.items() if not is_wanted))
        user.groups.add(*(groups[name] for name, is_wanted in wanted.items() if is_wanted))


def prepare() -> None:
    """Make the groups, what they may do and the way from draft to page. Safe to run again: it changes nothing."""
    with transaction.atomic():
        groups = {name: _group(name) for name in RIGHTS}
        _clear_away_wagtails_own()
        _approval(groups[EDITORS], groups[ADMINISTRATORS])


def _group(name: str) -> Group:
    group, _ = Group.objects.get_or_create(name=name)
    group.permissions.set(_permissions(RIGHTS[name]))
    _only(GroupPagePermission, group, _codes(PAGES[name], "wagtailcore"), page=Page.get_first_root_node())
    codes = [*_codes(FILES[name], "wagtailimages"), *_codes(FILES[name], "wagtaildocs")]
    _only(GroupCollectionPermission, group, codes, collection=Collection.get_first_root_node())
    return group


def _permissions(names: Iterable[str]) -> list[Permission]:
    pairs = {tuple(name.split(".")) for name in names}
    known = Permission.objects.filter(codename__in=[code for _, code in pairs]).select_related("content_type")
    return [right for right in known if (right.content_type.app_label, right.codename) in pairs]


def _codes(codes: Iterable[str], app: str) -> list[Permission]:
    return _permissions(f"{app}.{code}" for code in codes)


def _only(rows: Any, group: Group, rights: Iterable[Permission], **where: Any) -> None:
    """Make the group's rights in a tree exactly these, from its root."""
    keep = [rows.objects.get_or_create(group=group, permission=right, **where)[0].pk for right in rights]
    rows.objects.filter(group=group).exclude(pk__in=keep).delete()


def _clear_away_wagtails_own() -> None:
    """Wagtail's tables come with a group and a way to approve, which are not ours."""
    Group.objects.filter(name="Moderators", user=None).delete()
    theirs = Workflow.objects.filter(name="Moderators approval")
    WorkflowPage.objects.filter(workflow__in=theirs).delete()
    theirs.update(active=False)
    Task.objects.filter(name="Moderators approval").update(active=False)


def _approval(*groups: Group) -> None:
    """One step between a trainer's draft and the page: somebody in ``groups`` says yes."""
    task, _ = GroupApprovalTask.objects.get_or_create(name=APPROVAL)
    task.groups.set(groups)
    workflow, _ = Workflow.objects.get_or_create(name=APPROVAL)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    WorkflowPage.objects.get_or_create(page=Page.get_first_root_node(), defaults={"workflow": workflow})
