"""What the account itself holds of a person, sign-in and the editor's tools included."""

from dataclasses import replace

from lms.common.register import Holding

UNTIL_DELETED = "Until you delete your account."
GONE = "Deleted."

_WORK = Holding(
    model="wagtailcore.Page",
    what="Your name beside pages you wrote or changed in the editor",
    kept="As long as the page.",
    on_erase="The page stays. Your name is taken off it.",
)
_TOOL = replace(_WORK, what="Your settings in the editor", kept=UNTIL_DELETED, on_erase=GONE)

WRITTEN_BY_STAFF = (
    "wagtailcore.Page",
    "wagtailcore.Revision",
    "wagtailcore.PageLogEntry",
    "wagtailcore.ModelLogEntry",
    "wagtailcore.WorkflowState",
    "wagtailcore.TaskState",
    "wagtailcore.UploadedFile",
    "wagtaildocs.Document",
    "wagtailimages.Image",
)
TOOLS_OF_STAFF = (
    "wagtailusers.UserProfile",
    "wagtailadmin.EditingSession",
    "wagtailadmin.FormState",
    "wagtailcore.APIToken",
    "wagtailcore.Comment",
    "wagtailcore.CommentReply",
    "wagtailcore.PageSubscription",
    "accounts.User_groups",
    "accounts.User_user_permissions",
)

HOLDINGS = [
    Holding(
        model="accounts.User",
        what="Your account: e-mail address, the names you chose, colours, time zone, notes before hard parts",
        kept=UNTIL_DELETED,
        on_erase=GONE,
        owner=("pk",),
        shown=(
            "email",
            "display_name",
            "certificate_name",
            "colours",
            "full_titles",
            "time_zone",
            "content_notices",
            "date_joined",
            "last_login",
        ),
    ),
    Holding(
        model="account.EmailAddress",
        what="The addresses you can sign in with",
        kept=UNTIL_DELETED,
        on_erase=GONE,
        owner=("user",),
        shown=("email", "verified", "primary"),
    ),
    Holding(
        model="mfa.Authenticator",
        what="Passkeys, code apps and recovery codes: that you have them, not what is in them",
        kept="Until you take them off.",
        on_erase=GONE,
        owner=("user",),
        shown=("type", "created_at", "last_used_at"),
    ),
    Holding(
        model="usersessions.UserSession",
        what="Where you are signed in: browser and internet address",
        kept="Until you sign out, at most 14 days after the last visit. So that we know a browser again, a code that "
        "names nobody stays for 3 years.",
        on_erase=GONE,
        owner=("user",),
        shown=("user_agent", "ip", "created_at", "last_seen_at"),
    ),
    *(replace(_WORK, model=model) for model in WRITTEN_BY_STAFF),
    *(replace(_TOOL, model=model) for model in TOOLS_OF_STAFF),
]
