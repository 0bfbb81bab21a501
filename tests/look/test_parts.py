"""The parts that pages are made of."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.test import RequestFactory

from lms.common.templatetags import ui


class Question(forms.Form):
    name = forms.CharField(label="Name", help_text="A first name is enough.", max_length=5)
    time = forms.ChoiceField(label="Time", choices=[("7", "7pm")], widget=forms.RadioSelect)
    email = forms.EmailField(label="Email", widget=forms.EmailInput(attrs={"placeholder": "you@here"}), required=False)
    agree = forms.BooleanField(label="Remind me", required=False)

    def clean(self):
        if self.data.get("name") == "twice":
            raise ValidationError("Somebody did this a moment ago.")


def drawn(source, **context):
    return Template(source).render(Context(context))


def test_a_field_has_its_label_and_its_hint_before_the_box():
    html = drawn("{% field form.name %}", form=Question())
    assert html.index('<label for="id_name">Name') < html.index('id="id_name_helptext"') < html.index("<input")
    assert 'aria-describedby="id_name_helptext"' in html
    assert "aria-invalid" not in html


def test_a_problem_is_tied_to_its_box():
    html = drawn("{% field form.name %}", form=Question({"name": "much too long"}))
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert '<p class="problem" id="id_name_error">' in html


def test_an_empty_answer_is_asked_for_by_name():
    form = Question({})
    assert ui.problems(form["name"]) == ["Fill in “Name”"]
    assert ui.problems(form["time"]) == ["Choose one for “Time”"]


def test_a_form_may_ask_in_its_own_words():
    form = Question({})
    form.errors["name"] = form.error_class([ValidationError("Add a name.", code="required")])
    assert ui.problems(form["name"]) == ["Add a name."]


def test_choices_are_a_group_with_a_legend():
    html = drawn("{% field form.time slots=1 %}", form=Question({}))
    assert '<fieldset class="field" aria-describedby="id_time_error">' in html
    assert "<legend>Time</legend>" in html
    assert '<div class="slots">' in html


def test_a_question_that_may_be_left_says_so():
    assert "(if you like)" in drawn("{% field form.email %}", form=Question())
    assert "(if you like)" not in drawn("{% field form.name %}", form=Question())


def test_no_words_stand_in_the_box_where_somebody_will_type():
    assert "placeholder" not in drawn("{% field form.email %}", form=Question())


def test_a_tick_stands_in_its_label():
    html = drawn("{% field form.agree %}", form=Question())
    assert html.index("<label") < html.index("<input") < html.index("Remind me") < html.index("</label>")


def test_other_words_may_replace_the_forms_own():
    html = drawn('{% field form.name label="First name" hint="Any name." %}', form=Question())
    assert "First name" in html
    assert "Any name." in html
    assert "A first name is enough." not in html


def test_the_summary_counts_and_leads_to_each_problem():
    html = drawn("{% error_summary form %}", form=Question({"email": "nowhere"}))
    assert "Three things to check" in html
    assert '<a href="#id_name">Fill in “Name”</a>' in html
    assert "autofocus" in html


def test_the_summary_tells_what_belongs_to_no_box():
    html = drawn("{% error_summary form %}", form=Question({"name": "twice", "time": "7"}))
    assert "One thing to check" in html
    assert "<li>Somebody did this a moment ago.</li>" in html


def test_a_form_without_problems_has_no_summary():
    assert drawn("{% error_summary form %}", form=Question()).strip() == ""


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", "<b onclick=x>", '"><img src=x onerror=y>', "&lt;script&gt;"]
)
def test_what_somebody_typed_is_shown_and_never_run(typed):
    html = ui.paragraphs(typed)
    assert "<script" not in html
    assert "<img" not in html
    assert "<b onclick" not in html


def test_paragraphs_and_line_breaks_stay():
    assert ui.paragraphs("One\ntwo\n\nThree") == "<p>One<br>two</p>\n\n<p>Three</p>"


def test_a_notice_escapes_its_heading_and_draws_its_icon():
    html = drawn('{% notice tone="lamp" heading=words %}<p>{{ words }}</p>{% endnotice %}', words="<i>x</i>")
    assert '<div class="notice lamp">' in html
    assert html.count("&lt;i&gt;x&lt;/i&gt;") == 2
    assert "<svg" in html


@pytest.mark.parametrize(
    ("done", "total", "shown"),
    [(0, 8, 0), (1, 200, 5), (3, 8, 40), (199, 200, 95), (8, 8, 100), (9, 8, 100), (0, 0, 0)],
)
def test_a_share_is_empty_only_for_nothing_and_full_only_for_all(done, total, shown):
    assert ui.share(done, total) == shown


@pytest.mark.parametrize(("done", "total"), [(0, 7), (3, 7), (7, 7), (1, 1), (61, 200), (9, 7), (0, 0)])
def test_a_ring_is_never_more_than_full(done, total):
    ring = ui.ring(done, total)
    numbers = [float(number) for number in ring["so_far"].split()]
    assert ring["done"] <= total
    assert sum(numbers[:-1:2]) <= ui.FULL_TURN
    assert all(number >= 0 for number in numbers)


def test_steps_say_in_words_where_one_is():
    html = drawn("{% steps done 2 %}", done=[True, False, True])
    assert 'aria-label="Lesson 2 of 3. Two lessons done."' in html
    part = drawn("{% steps done 2 where=' in this part' %}", done=[True, False, True])
    assert 'aria-label="Lesson 2 of 3 in this part. Two lessons done."' in part
    assert html.count('class="done"') == 2
    assert html.count('class="now"') == 1


@pytest.mark.parametrize(
    ("moment", "said"),
    [((2026, 3, 12, 19, 30), "7:30pm"), ((2026, 3, 12, 0, 0), "12am"), ((2026, 7, 1, 11, 5), "12:05pm")],
)
def test_times_are_said_as_people_say_them_and_where_they_live(moment, said):
    assert drawn("{{ at|clock }}", at=datetime(*moment, tzinfo=UTC)) == said


def test_days_are_said_as_people_say_them():
    assert ui.day(date(2026, 3, 12)) == "Thursday 12 March"
    assert ui.day_of_year(date(2026, 3, 12)) == "12 March 2026"


@pytest.mark.parametrize(
    ("path", "link", "mark"),
    [("/my/", "/my/", "page"), ("/my/notes/", "/my/", "true"), ("/mystery/", "/my/", ""), ("/my/", "/", "")],
)
def test_the_menu_marks_where_one_is(path, link, mark):
    html = drawn(f'<a{{% here "{link}" %}}>', request=RequestFactory().get(path))
    assert html == (f'<a aria-current="{mark}">' if mark else "<a>")


def test_an_address_for_paper_is_whole(settings):
    settings.LMS_BASE_URL = "https://learn.example/"
    assert drawn('{% address "/verify/" %}') == "https://learn.example/verify/"


def test_a_list_of_one_a_line_has_no_empty_lines():
    assert ui.lines(" One \n\n two\r\n") == ["One", "two"]
