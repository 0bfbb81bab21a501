"""Which words mean that somebody should be rung now."""

import pytest

from cms.crisis import is_urgent


@pytest.mark.parametrize(
    "text",
    [
        "suicidal",
        "wants to kill himself",
        "I can't go on",
        "I CAN\N{RIGHT SINGLE QUOTATION MARK}T COPE",
        "self harm",
        "cutting herself",
        "my child has hit me",
        "violent behaviour",
        "nude photo shared",
        "run away",
        "he hasn't come home",
        "domestic abuse",
        "groomed online",
        "not safe",
        "999",
    ],
)
def test_danger_is_heard(text):
    assert is_urgent(text)


@pytest.mark.parametrize("text", ["", "life story", "school places", "bedtime", "exhibition", "skill", "diet", "1999"])
def test_ordinary_words_are_left_alone(text):
    assert not is_urgent(text)
