"""A file says what a pathway asks; changing it takes nothing from anybody."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lms.audit.models import Entry
from lms.certificates import definitions, progress
from lms.certificates.definitions import Unfit
from lms.certificates.models import Pathway, Requirement, RequirementKind
from lms.certificates.operations import pathways
from lms.certificates.operations.pathways.planning import fit
from tests.factories.agencies import StaffRoleFactory
from tests.factories.certificates import PathwayRecordFactory

pytestmark = pytest.mark.django_db
REAL = Path(__file__).resolve().parents[2] / "fixtures" / "pathways" / "group-leader.toml"
HEAD = 'slug = "way"\ntitle = "Way"\nneutral_title = "Way"\n'
GROUP = '[[groups]]\nkey = "one"\n'
TALK = '[[groups.steps]]\nkey = "talk"\nkind = "endorse"\nrole = "coordinator"\ntitle = "A talk"\n'
NOTES = '[[groups.steps]]\nkey = "notes"\nkind = "log"\nneeded = 2\ntitle = "Notes"\n'


@pytest.fixture
def file(tmp_path):
    return tmp_path / "way.toml"


def load(file, text, now):
    file.write_text(HEAD + text, encoding="utf-8")
    return fit(plan=definitions.read(file), actor_id=None, now=now)


def asked(record, now):
    return [step.requirement.key for step in progress.progress_of([record], now=now)[0].steps]


def test_the_real_file_describes_the_whole_pathway_and_its_renewal():
    plan = definitions.read(REAL)
    assert {step.kind for group in plan.groups for step in group.steps} == set(RequirementKind.values)
    assert {group.purpose for group in plan.groups} == {"first", "renewal"}
    two = next(step for group in plan.groups for step in group.steps if step.key == "two-people")
    assert two.needed == 2


def test_the_same_file_again_changes_nothing(file, now):
    first, again = load(file, GROUP + TALK + NOTES, now), load(file, GROUP + TALK + NOTES, now)
    assert (first.begun, again.begun, again.ended, again.kept) == (2, 0, 0, 2)
    assert Entry.objects.filter(action="pathway.changed").count() == 1


@pytest.mark.parametrize(
    ("after", "newcomers"),
    [
        (GROUP + TALK, ["talk"]),
        (GROUP + TALK + NOTES.replace("needed = 2", "needed = 8"), ["talk", "notes"]),
        (GROUP + 'how = "any"\n' + TALK + NOTES, ["talk", "notes"]),
        (GROUP.replace("one", "two") + NOTES, ["notes"]),
    ],
)
def test_a_change_is_asked_of_newcomers_and_of_nobody_on_the_way(file, now, after, newcomers):
    pathway = load(file, GROUP + TALK + NOTES, now).pathway
    before = PathwayRecordFactory(pathway=pathway, started_at=now + timedelta(days=1))
    staff = StaffRoleFactory(agency=before.agency, role="coordinator").person
    talk = Requirement.objects.get(key="talk")
    pathways.sign_off(record=before, requirement=talk, actor=staff, is_met=True, comment="", now=now)
    load(file, after, now + timedelta(days=2))
    newcomer = PathwayRecordFactory(pathway=pathway, started_at=now + timedelta(days=3))
    assert asked(before, now) == ["talk", "notes"]
    assert asked(newcomer, now) == newcomers
    found = progress.progress_of([before], now=now)[0]
    assert (found.done, found.total) == (1, 2)


def test_somebody_on_the_way_may_choose_what_is_asked_today(file, now):
    pathway = load(file, GROUP + TALK + NOTES, now).pathway
    record = PathwayRecordFactory(pathway=pathway, started_at=now + timedelta(days=1))
    load(file, GROUP + TALK, now + timedelta(days=2))
    assert not progress.progress_of([record], now=now)[0].is_as_today
    pathways.ask_as_of_today(record=record, actor=record.person, now=now + timedelta(days=3))
    record.refresh_from_db()
    assert asked(record, now) == ["talk"]
    assert progress.progress_of([record], now=now)[0].is_as_today
    with pytest.raises(pathways.NotYoursToKeep):
        pathways.ask_as_of_today(record=record, actor=StaffRoleFactory().person, now=now)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("groups = 1 = 2", "way.toml"),
        (GROUP + TALK.replace("endorse", "prayer"), "kind of talk"),
        (GROUP + TALK.replace("coordinator", "king"), "role of talk"),
        (GROUP + 'how = "some"\n' + TALK, "needed"),
        (GROUP + TALK + TALK, "there twice"),
        (GROUP + TALK + 'colour = "red"\n', "colour"),
        (GROUP + TALK.replace('title = "A talk"\n', ""), "title"),
        (GROUP + '[[groups.steps]]\nkey = "c"\nkind = "course"\ntitle = "C"\n', "names no course"),
    ],
)
def test_a_file_that_says_it_wrongly_is_refused_in_words(file, now, text, words):
    with pytest.raises(Unfit, match=words):
        load(file, text, now)


def test_a_course_that_is_not_there_stops_everything(file, now):
    course = '[[groups.steps]]\nkey = "c"\nkind = "course"\ncourse = "nowhere"\ntitle = "C"\n'
    file.write_text(HEAD + GROUP + TALK + course, encoding="utf-8")
    with pytest.raises(CommandError, match="nowhere"):
        call_command("load_pathways", file.parent)
    assert not Pathway.objects.exists()
