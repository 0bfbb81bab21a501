"""What this room holds of a person."""

from lms.common.register import Holding
from lms.partners import operations

HOLDINGS = [
    Holding(
        model="partners.PartnerLink",
        what="That your account is linked with your partner's, and since when",
        kept="Until one of you ends the link, or deletes their account.",
        on_erase="Deleted, on both sides. Your partner is not told.",
        owner=("person",),
        shown=("since",),
    ),
    Holding(
        model="partners.PartnerAsk",
        what="That you asked to be linked with somebody. Not whom: their address is not kept",
        kept="7 days. 90 days where the answer was no, so that they aren't asked again at once.",
        on_erase="Deleted. So is what others asked you.",
        owner=("asked_by",),
        shown=("way", "asked_at", "expires_at"),
        erase=operations.forget_asks_to,
    ),
]
