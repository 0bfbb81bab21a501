"""Get help now: light, for everybody, and with the right numbers."""

import re

from django.contrib.staticfiles import finders

from cms.models import Brand
from lms.common.memo import forget_all
from tests.factories.accounts import PersonFactory


def everything_it_loads(text):
    paths = re.findall(r'(?:href|src)="/static/([^"]+)"', text)
    return {path: finders.find(path) for path in paths}


def test_all_of_it_is_under_thirty_kilobytes_without_scripts_fonts_or_pictures(client, shelves, lines):
    answer = client.get("/help-now/")
    text = answer.content.decode()
    files = everything_it_loads(text)
    total = len(answer.content)
    for path in files.values():
        with open(path, "rb") as file:
            total += len(file.read())
    assert total < 30_000
    assert "<script" not in text
    assert not any(path.endswith((".js", ".woff2", ".png")) for path in files)


def test_each_line_can_be_rung_texted_or_looked_up(client, shelves, lines):
    text = client.get("/help-now/").content.decode()
    assert 'href="tel:999"' in text
    assert 'href="sms:85258"' in text
    assert 'href="https://ceop.police.uk/"' in text


def test_the_agencys_own_numbers_come_from_its_settings(client, shelves, lines):
    Brand.objects.create(
        site_id=shelves.home.get_site().pk, duty_number="01632 960777", out_of_hours_number="01632 960888"
    )
    forget_all()
    text = client.get("/help-now/").content.decode()
    assert "01632 960777" in text
    assert "01632 960888" in text
    assert "01632 000000" not in text


def test_it_works_without_any_line_written_down(client, shelves):
    text = client.get("/help-now/").content.decode()
    assert "duty line" in text
    assert "Children&#x27;s services out of hours" in text


def test_it_can_be_left_at_once_and_says_what_that_does_not_do(client, shelves):
    text = client.get("/help-now/").content.decode()
    assert 'href="https://www.bbc.co.uk/weather"' in text
    assert "doesn\N{RIGHT SINGLE QUOTATION MARK}t clear the list of pages" in text


def test_it_is_the_same_signed_in_and_reads_no_session(client, shelves, lines, django_assert_max_num_queries):
    stranger = client.get("/help-now/").content
    client.force_login(PersonFactory())
    with django_assert_max_num_queries(3):
        assert client.get("/help-now/").content == stranger
