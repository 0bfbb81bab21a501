"""What is done with pathways: going along, signing, writing, handing on, renewing, and what they ask."""

from lms.certificates.operations.pathways.evidence import (
    change_entry,
    delete_entry,
    note_supervision,
    observe,
    save_statement,
    see_document,
    share_entry,
    write_entry,
)
from lms.certificates.operations.pathways.going import (
    NotVerifiedThere,
    NotYoursToKeep,
    TooClose,
    appoint,
    ask_as_of_today,
    declare_tie,
    express_interest,
    pause,
    resume,
    start,
    withdraw,
)
from lms.certificates.operations.pathways.listing import note_export, note_listing
from lms.certificates.operations.pathways.moving import answer_transfer, ask_transfer, open_transfer
from lms.certificates.operations.pathways.records import (
    AlreadyMet,
    NotOnPathway,
    StepNotOpen,
    fulfil_if_done,
    fulfil_pathways_of,
)
from lms.certificates.operations.pathways.reminding import remind_of_supervision
from lms.certificates.operations.pathways.renewing import (
    CannotRenewAward,
    begin_renewal,
    last_record_of,
    may_begin_renewal,
)
from lms.certificates.operations.pathways.signing import (
    CoLeaderSigns,
    CommentMissing,
    NotYoursToSign,
    PartnerSigns,
    SignedAlready,
    hand_in,
    sign_off,
)

__all__ = [
    "AlreadyMet",
    "CannotRenewAward",
    "CoLeaderSigns",
    "CommentMissing",
    "NotOnPathway",
    "NotVerifiedThere",
    "NotYoursToKeep",
    "NotYoursToSign",
    "PartnerSigns",
    "SignedAlready",
    "StepNotOpen",
    "TooClose",
    "answer_transfer",
    "appoint",
    "ask_as_of_today",
    "ask_transfer",
    "begin_renewal",
    "change_entry",
    "declare_tie",
    "delete_entry",
    "express_interest",
    "fulfil_if_done",
    "fulfil_pathways_of",
    "hand_in",
    "last_record_of",
    "may_begin_renewal",
    "note_export",
    "note_listing",
    "note_supervision",
    "observe",
    "open_transfer",
    "pause",
    "remind_of_supervision",
    "resume",
    "save_statement",
    "see_document",
    "share_entry",
    "sign_off",
    "start",
    "withdraw",
    "write_entry",
]
