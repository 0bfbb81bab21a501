"""What is done with packages."""

from lms.packages.operations.sitting import (
    IsOver,
    Launch,
    NotKept,
    NotReady,
    OpenElsewhere,
    Told,
    ask_for_frame,
    keep,
    open_part,
    preload,
)
from lms.packages.operations.uploading import UploadRefused, settle_package, upload_package, upload_version

__all__ = [
    "IsOver",
    "Launch",
    "NotKept",
    "NotReady",
    "OpenElsewhere",
    "Told",
    "UploadRefused",
    "ask_for_frame",
    "keep",
    "open_part",
    "preload",
    "settle_package",
    "upload_package",
    "upload_version",
]
