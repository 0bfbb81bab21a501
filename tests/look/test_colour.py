"""An agency may choose any colour, and everybody can still read every word."""

import re

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from cms import rules
from cms.models import Brand

CSS = settings.STATICFILES_DIRS[0] / "lms" / "css"
DYES = ("woad", "weld", "madder", "lichen", "heather", "walnut")
WORDS, EDGES = 7.0, 3.0
PAIRS = [
    *((fore, ground, WORDS) for fore in ("ink", "ink-2", "accent") for ground in ("paper", "surface", "sunk")),
    *((fore, "accent-tint", WORDS) for fore in ("ink", "ink-2", "accent")),
    *(("on-accent", ground, WORDS) for ground in ("accent", "accent-deep")),
    *((f"{dye}-deep", ground, WORDS) for dye in DYES for ground in (f"{dye}-tint", "paper", "surface")),
    *((fore, f"{dye}-tint", WORDS) for dye in DYES for fore in ("ink", "ink-2", "accent")),
    *(("ink", ground, WORDS) for ground in ("sky-1", "sky-2", "hill-1")),
    *(("edge", ground, EDGES) for ground in ("paper", "surface", "sunk")),
    *(("focus", ground, EDGES) for ground in ("paper", "surface", "sunk", "accent-tint")),
    ("accent-mid", "paper", EDGES),
]


def tokens(*names):
    css = "".join((CSS / f"{name}.css").read_text() for name in names)
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", css))


SCHEMES = {"day": tokens("tokens"), "evening": tokens("tokens", "dark")}


def light(value, brand):
    value = re.sub(r"min\(var\(--brand-c\), ([\d.]+)\)", lambda m: str(min(brand.chroma, float(m[1]))), value)
    numbers = re.match(r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)", value.replace("var(--brand-h)", str(brand.hue)))
    return rules.light_of(*map(float, numbers.groups()))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_pair_of_colours_can_be_read_in_every_hue(scheme):
    values = SCHEMES[scheme]
    brands = [rules.Accent(hue, chroma) for hue in range(0, 360, 5) for chroma in (0.0, 0.06, 0.12)]
    weak = [
        (fore, ground, brand)
        for fore, ground, least in PAIRS
        for brand in (brands if "brand" in values[fore] + values[ground] else brands[:1])
        if rules.contrast(light(values[fore], brand), light(values[ground], brand)) < least
    ]
    assert weak == []


@pytest.mark.parametrize(("scheme", "known"), [("day", rules.DAY), ("evening", rules.EVENING)])
def test_the_sums_use_the_numbers_of_the_sheets(scheme, known):
    values = SCHEMES[scheme]
    for token, (lightness, most) in (("accent", known.accent), ("accent-tint", known.tint)):
        assert values[token].startswith(f"oklch({lightness:g} min(var(--brand-c), {most:g})")
    written = {values[name] for name in ("sunk", "surface", "on-accent")}
    assert {f"oklch({a:g} {b:g} {c:g})" for a, b, c in known.grounds} <= written
    assert values["accent-mid"].startswith("oklch(0.6")


@given(st.integers(min_value=0, max_value=0xFFFFFF))
def test_any_colour_at_all_ends_up_readable(number):
    brand = rules.accent(f"#{number:06x}")
    assert brand.chroma <= rules.HIGHEST_CHROMA
    assert 0 <= brand.hue < 360
    assert rules.weakest_contrast(brand) >= rules.READABLE


def test_a_loud_colour_keeps_its_hue_and_loses_the_rest():
    assert rules.accent("#b4d600") == rules.Accent(hue=121, chroma=0.12)


def test_grey_gives_a_near_ink_accent():
    assert rules.accent("#808080").chroma < 0.001


def test_paper_and_mail_get_the_same_colour_as_hex():
    shades = rules.shades(rules.accent("#6f2453"))
    assert shades == rules.Shades(deep="#6f2453", thread="#b86796", evening="#ecb4d2")


@pytest.mark.parametrize("typed", ["", "red", "#fff", "#12345g", "6f2453#", "#6f24\uff153", "#6f2453;", "\x00"])
def test_what_is_not_a_colour_is_refused_with_a_reason(typed):
    with pytest.raises(ValidationError) as refusal:
        Brand(accent=typed).clean()
    assert refusal.value.message_dict == {"accent": ["Write the colour as # and six digits, like #6f2453."]}


def test_a_colour_too_weak_even_when_deepened_is_refused_with_a_reason(monkeypatch):
    monkeypatch.setattr(rules, "weakest_contrast", lambda brand: 6.9)
    with pytest.raises(ValidationError, match="hard to read"):
        Brand(accent="#6f2453").clean()
