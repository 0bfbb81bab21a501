"""What is done with packages."""

from lms.packages.operations.sitting import (
    IsOver,
    Kept,
    Launch,
    NotKept,
    NotReady,
    OpenElsewhere,
    Told,
    ask_for_frame,
    attempt_of_launch,
    keep,
    open_part,
    preload,
)
from lms.packages.operations.standing import Standing, standings
from lms.packages.operations.uploading import UploadRefused, settle_package, upload_package, upload_version

__all__ = [
    "IsOver",
    "Kept",
    "Launch",
    "NotKept",
    "NotReady",
    "OpenElsewhere",
    "Standing",
    "Told",
    "UploadRefused",
    "ask_for_frame",
    "attempt_of_launch",
    "keep",
    "open_part",
    "preload",
    "settle_package",
    "standings",
    "upload_package",
    "upload_version",
]
