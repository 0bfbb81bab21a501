"""Which words mean that somebody should be rung now."""

import re
from pathlib import Path

from cms import crisis
from cms.crisis import is_urgent

WORDS = Path(__file__).resolve().parents[2] / "fixtures" / "workshops"
LIKE_DANGER = {"attacks", "handling", "mising", "sextorsion", "violance"}  # the slips are on our cards on purpose

URGENT = """
suicidal; wants to kill himself; I can't go on; I CAN\N{RIGHT SINGLE QUOTATION MARK}T COPE; self harm; cutting herself
my child has hit me; violent behaviour; nude photo shared; run away; he hasn't come home; domestic abuse; not safe; 999
suicde; sucidal thoughts; suiside; selfharm; self harmming; kill my self; wanna die; she says she wants to dye; kms
better off without me; doesnt want to be here; wish i was dead; no point living; cuts on her: cutting her arms
cant cope; cannot cope anymore; not coping; cant take it anymore; i might hurt him; scared i will hurt my baby
overdoes of tablets; took all her pills; he has a knif; voilent; vilent husband; strangeld me; asaulted; emergancy
abuze; abusd as a baby; touched her; groomed online; blackmaled; sextorsion; mising since last night; dangrous
my husband hits me; im scared of my partner; in imediate danger; theyre threatning to find us; not breathing
i want to kil myself; kill him self; klil myself; wnat to die; wants to hrut himself; hamr her; wana die; want 2 die
goin to hurt her; dont want to liv; better of dead; end my lief; slef harm; selfh arm; sefl harming; kil my self
"""
ORDINARY = """
life story; school places; bedtime; exhibition; skill; diet; 1999; attachment; attached to me; treats and rewards
messing about; picked on at school; dancing class; violin lessons; missed school; adoption leave; feeding; hearing test
wait for him; a hard time with her; went to him; what will help her; hunt for it; ham sandwich; how old is he
"""


def each(lines):
    return [one.strip() for line in lines.strip().splitlines() for one in line.split(";") if one.strip()]


def test_danger_is_heard_also_misspelt():
    assert [text for text in each(URGENT) if not is_urgent(text)] == []


def test_ordinary_words_are_left_alone():
    assert [text for text in ["", *each(ORDINARY)] if is_urgent(text)] == []


def test_no_word_of_our_own_pages_is_taken_for_danger_misspelt():
    words = {word for path in WORDS.rglob("*.md") for word in re.findall(r"[a-z]{3,}", path.read_text().lower())}
    assert {word for word in words if crisis._meant(word) != word} <= LIKE_DANGER
