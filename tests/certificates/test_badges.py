"""A badge tells what was earned and of whom nothing; two checkers agree on it, and on the day it was stopped."""

import base64
import gzip
import json
from datetime import date, timedelta
from uuid import UUID

import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier

from lms.certificates import badges, jobs, operations
from lms.certificates.models import Badge, StatusList
from lms.certificates.rules import Deed
from tests.certificates.reading import words
from tests.factories.accounts import PersonFactory
from tests.factories.agencies import StaffRoleFactory
from tests.factories.certificates import NAME, AwardFactory, BadgeFactory

pytestmark = pytest.mark.django_db
NOON = "2026-03-12 12:00+00:00"
ADDRESS = "https://learn.example"
OLD, NEW = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))


@pytest.fixture(autouse=True)
def _an_installation(settings):
    settings.LMS_BASE_URL = ADDRESS
    settings.LMS_BADGE_KEYS = [OLD]
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def fetch(client):
    """Fetches our public papers as a stranger's checker would."""

    def get(address):
        answer = client.__class__().get(address.removeprefix(ADDRESS))
        assert answer.status_code == 200, address
        return answer.content

    return get


def checked(token, fetch):
    """What the library's own verifier makes of it, status and all, knowing only the issuer's name."""
    issuer = badges.did_web_from_url(f"{ADDRESS}/badges")
    return OB3Verifier.for_issuer_did(issuer, download=fetch).verify(token, check_status=True, download=fetch)


def parts(token):
    """Header, body and signature, taken apart by hand."""
    head, body, signature = token.split(".")
    raw = [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in (head, body, signature)]
    return json.loads(raw[0]), json.loads(raw[1]), raw[2], f"{head}.{body}".encode()


def signed_by(token, key_set):
    """The second check, which knows nothing of badges: the signature over the bytes, with the key that is named."""
    header, _, signature, over = parts(token)
    key = next(key for key in key_set["keys"] if key["kid"] == header["kid"])
    public = base64.urlsafe_b64decode(key["x"] + "=")
    Ed25519PublicKey.from_public_bytes(public).verify(signature, over)
    return header


def bit(token, place):
    encoded = parts(token)[1]["credentialSubject"]["encodedList"]
    bits = gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)))
    return bits[place // 8] >> (7 - place % 8) & 1


# --- What it says --------------------------------------------------------------------------------------------------


def test_two_checkers_that_know_nothing_of_each_other_agree(fetch):
    badge = BadgeFactory(award__is_neutral=False, award__valid_until=date(2028, 1, 18))
    token = operations.as_token(badge)
    seen = checked(token, fetch)
    assert seen.achievement.name == badge.award.title
    assert seen.recipient_id == f"urn:uuid:{badge.subject}"
    header = signed_by(token, json.loads(fetch(f"{ADDRESS}/badges/keys.json")))
    assert header["alg"] == "EdDSA"
    key = jwt.PyJWK(header["jwk"]).key
    said = jwt.decode(token, key, algorithms=["EdDSA"])
    assert (said["validFrom"][:10], said["validUntil"][:10]) == ("2026-01-18", "2028-01-19")


def test_it_says_nothing_of_whose_it_is_and_leads_to_no_paper():
    badge = BadgeFactory(award__person__email="canary@example.org")
    said = json.dumps(parts(operations.as_token(badge))[1])
    for hidden in (NAME, "canary", "mailto", badge.award.code, str(badge.award.uuid), badge.award.title):
        assert hidden not in said
    assert badge.award.neutral_title in said
    assert isinstance(badge.subject, UUID)


def test_the_same_badge_is_the_same_bytes():
    badge = BadgeFactory()
    assert operations.as_token(badge) == operations.as_token(badge)


@pytest.mark.parametrize("form", ["svg", "png"])
@pytest.mark.parametrize("kind", ["completion", "attendance", "leader"])
def test_it_is_baked_into_a_picture_of_its_kind(form, kind, fetch):
    badge = BadgeFactory(award__kind=kind)
    picture = operations.as_picture(badge, form=form)
    extract = getattr(OB3Verifier, f"extract_token_from_{form}")
    token = extract(picture)
    assert token == operations.as_token(badge)
    assert checked(token, fetch)


def test_changing_one_letter_breaks_it_for_both(fetch):
    token = operations.as_token(BadgeFactory())
    head, body, signature = token.split(".")
    forged = f"{head}.{body[:40]}{'A' if body[40] != 'A' else 'B'}{body[41:]}.{signature}"
    with pytest.raises(OB3VerificationError):
        checked(forged, fetch)
    with pytest.raises(jwt.InvalidTokenError):
        jwt.decode(forged, jwt.PyJWK(parts(token)[0]["jwk"]).key, algorithms=["EdDSA"])


def test_one_of_somebody_elses_making_is_refused(fetch, settings):
    settings.LMS_BADGE_KEYS = [NEW]
    forged = operations.as_token(BadgeFactory())
    settings.LMS_BADGE_KEYS = [OLD]
    with pytest.raises(OB3VerificationError):
        checked(forged, fetch)


def test_it_ends_with_its_certificate(fetch):
    token = operations.as_token(BadgeFactory(award__valid_until=date(2026, 3, 12)))
    assert checked(token, fetch)
    with time_machine.travel("2026-03-14 12:00+00:00", tick=False), pytest.raises(OB3VerificationError):
        checked(token, fetch)
    with time_machine.travel("2026-03-14 12:00+00:00", tick=False), pytest.raises(jwt.ExpiredSignatureError):
        jwt.decode(token, jwt.PyJWK(parts(token)[0]["jwk"]).key, algorithms=["EdDSA"])


# --- Stopped -------------------------------------------------------------------------------------------------------


def decide(award, deed):
    lead = StaffRoleFactory(agency=award.agency, role="safeguarding_lead").person
    operations.decide(award=award, deed=deed, actor=lead, reason="because", now=timezone.now())


@pytest.mark.parametrize(("deed", "purpose"), [(Deed.WITHDRAW, "revocation"), (Deed.SUSPEND, "suspension")])
def test_a_stopped_certificate_stops_its_badge(fetch, deed, purpose):
    badge, other = BadgeFactory(), BadgeFactory()
    token = operations.as_token(badge)
    assert checked(token, fetch)
    decide(badge.award, deed)
    assert OrmQ.objects.get().task["func"].endswith("publish_status_lists")
    operations.publish_status_lists()
    with pytest.raises(OB3VerificationError, match=purpose):
        checked(token, fetch)
    assert checked(operations.as_token(other), fetch)
    served = fetch(operations.addresses().status[purpose]).decode()
    assert [bit(served, one.place) for one in (badge, other)] == [1, 0]
    signed_by(served, json.loads(fetch(f"{ADDRESS}/badges/keys.json")))


def test_what_is_taken_up_again_holds_again(fetch):
    badge = BadgeFactory()
    token = operations.as_token(badge)
    for deed in (Deed.SUSPEND, Deed.REINSTATE):
        decide(badge.award, deed)
    operations.publish_status_lists()
    assert checked(token, fetch)


def test_a_replaced_and_an_erased_one_are_stopped_too(fetch, now):
    replaced, erased = BadgeFactory(), BadgeFactory()
    tokens = [operations.as_token(badge) for badge in (replaced, erased)]
    holder = replaced.award.person
    operations.correct(award=replaced.award, actor=holder, name="Samira Bŵen", is_neutral=True, now=now)
    operations.forget_holder(person=erased.award.person, now=now)
    operations.publish_status_lists()
    for token in tokens:
        with pytest.raises(OB3VerificationError, match="revocation"):
            checked(token, fetch)


def test_a_decision_about_one_without_a_badge_publishes_nothing(now):
    decide(AwardFactory(), Deed.SUSPEND)
    assert not OrmQ.objects.exists()


def test_an_old_list_is_not_believed_and_a_new_one_is_made_in_time(fetch):
    token = operations.as_token(BadgeFactory())
    assert jobs.publish_status_lists() == "published"
    stale = {address: fetch(address) for address in operations.addresses().status.values()}
    with time_machine.travel("2026-03-20 12:00+00:00", tick=False):
        with pytest.raises(OB3VerificationError):
            checked(token, lambda address: stale.get(address) or fetch(address))
        assert checked(token, fetch)
    assert StatusList.objects.count() == 2


# --- Keys ----------------------------------------------------------------------------------------------------------


def test_a_new_key_keeps_old_badges_valid(fetch, settings):
    badge = BadgeFactory()
    before = operations.as_token(badge)
    settings.LMS_BADGE_KEYS = [NEW, OLD]
    operations.publish_status_lists()
    after = operations.as_token(badge)
    keys = json.loads(fetch(f"{ADDRESS}/badges/keys.json"))
    assert signed_by(before, keys)["kid"] != signed_by(after, keys)["kid"]
    assert checked(before, fetch).id == checked(after, fetch).id


@pytest.mark.parametrize("seeds", [[], ["not base 64!"], [base64.b64encode(b"short").decode()]])
def test_without_a_good_key_there_is_nothing_to_read(client, settings, seeds):
    settings.LMS_BADGE_KEYS = seeds
    for name, args in (("badge_issuer", []), ("badge_keys", []), ("badge_status", ["revocation"])):
        assert client.get(reverse(f"certificates:{name}", args=args)).status_code == 404


def test_without_a_key_the_page_says_so(client, settings):
    settings.LMS_BADGE_KEYS = []
    award = AwardFactory()
    client.force_login(award.person)
    address = reverse("certificates:badge", args=[award.uuid])
    assert "switched off here" in words(client.get(address))
    assert client.post(address).status_code == 422
    assert jobs.publish_status_lists() == "no key"


def test_a_key_for_the_settings_is_made_by_a_command(capsys, settings):
    call_command("make_badge_key")
    settings.LMS_BADGE_KEYS = [capsys.readouterr().out.strip()]
    assert badges.keys()[0].public["crv"] == "Ed25519"


@pytest.mark.parametrize("name", ["badge_issuer", "badge_keys", "badge_profile"])
def test_what_is_public_may_be_kept_and_names_nobody(client, name):
    holder = BadgeFactory().award.person
    client.force_login(holder)
    answer = client.get(reverse(f"certificates:{name}"))
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert holder.email not in answer.content.decode()
    assert '"d"' not in answer.content.decode()  # the private half of a key


def test_there_is_no_list_of_another_purpose(client):
    assert client.get(reverse("certificates:badge_status", args=["names"])).status_code == 404


# --- Its holder ----------------------------------------------------------------------------------------------------


def test_a_holder_asks_for_one_and_has_three_files(client):
    award = AwardFactory()
    client.force_login(award.person)
    page = reverse("certificates:badge", args=[award.uuid])
    token = reverse("certificates:badge_file", args=[award.uuid, "jwt"])
    assert client.get(token).status_code == 404
    client.post(page)
    client.post(page)
    badge = Badge.objects.get()
    assert client.get(token).content.decode() == operations.as_token(badge)
    for form, start in (("svg", b"<?xml"), ("png", b"\x89PNG")):
        answer = client.get(reverse("certificates:badge_file", args=[award.uuid, form]))
        assert answer.content.startswith(start)
        assert answer["Content-Disposition"] == f'attachment; filename="badge.{form}"'
    assert client.get(reverse("certificates:badge_file", args=[award.uuid, "exe"])).status_code == 404


def test_nobody_has_the_badge_of_somebody_else(client, now):
    badge = BadgeFactory()
    client.force_login(PersonFactory())
    assert client.get(reverse("certificates:badge", args=[badge.award.uuid])).status_code == 404
    assert client.get(reverse("certificates:badge_file", args=[badge.award.uuid, "png"])).status_code == 404
    with pytest.raises(badge.award.DoesNotExist):
        operations.give_badge(award=badge.award, holder=PersonFactory(), now=now)


@pytest.mark.parametrize("state", ["waiting", "staged", "suspended", "withdrawn", "replaced"])
def test_there_is_no_badge_of_what_does_not_hold(now, state):
    award = AwardFactory(state=state)
    with pytest.raises(operations.NoBadge):
        operations.give_badge(award=award, holder=award.person, now=now)


def test_places_are_drawn_by_lot_and_never_twice(now):
    places = []
    for _ in range(8):
        award = AwardFactory()
        places.append(operations.give_badge(award=award, holder=award.person, now=now).place)
    assert len(set(places)) == 8
    assert max(places) - min(places) > 1000
    with pytest.raises(IntegrityError), transaction.atomic():
        BadgeFactory(place=places[0])


def test_a_list_hides_its_badges_in_a_crowd(fetch):
    BadgeFactory(award__state="withdrawn")
    served = fetch(operations.addresses().status["revocation"]).decode()
    assert len(parts(served)[1]["credentialSubject"]["encodedList"]) < 2000
    assert badges.PLACES == 131_072
    until = parts(served)[1]["validUntil"]
    assert until.startswith(str((timezone.now() + timedelta(days=7)).date()))
