"""What is typed about providers. What opens a door is taken in and never given back."""

from dataclasses import dataclass
from typing import Any

from django import forms

from lms.meetings.models import Connection, ProviderName

KEPT = "Saved. Leave this empty to keep it."
LONGEST = 4000


@dataclass(frozen=True)
class Asked:
    """One word that a provider needs. box: what it is typed into; optional: it works without."""

    name: str
    label: str
    hint: str = ""
    box: type[forms.Widget] = forms.TextInput
    optional: bool = False


NEEDED = {
    ProviderName.BIGBLUEBUTTON: (
        Asked("secret", "Shared secret", "Your server shows it with: bbb-conf --secret", forms.PasswordInput),
    ),
    ProviderName.JITSI: (
        Asked("app_id", "App ID", "What your server expects as the issuer of a token. For 8x8 it is: chat"),
        Asked("secret", "App secret", "For 8x8, the whole private key.", forms.Textarea),
        Asked("kid", "Key ID", "Only for 8x8.", optional=True),
        Asked("subject", "Tenant", "Only if it isn't the server's own name. For 8x8, your AppID.", optional=True),
    ),
    ProviderName.ZOOM: (
        Asked("account_id", "Account ID"),
        Asked("client_id", "Client ID"),
        Asked("client_secret", "Client secret", "", forms.PasswordInput),
        Asked("webhook_secret", "Secret token of the event subscription", "", forms.PasswordInput),
        Asked("host", "Host", "The sign-in address of the Zoom user that holds the meetings."),
    ),
}
CHOSEN = "Each session says for itself whether it may be recorded, and people are told before they book."
RECORDING_HINTS = {
    ProviderName.BIGBLUEBUTTON: CHOSEN,
    ProviderName.ZOOM: f"{CHOSEN} Zoom can't keep a host from it for one meeting: switch it off in the account.",
}
ADDRESS_HINTS = {
    ProviderName.BIGBLUEBUTTON: "Like https://rooms.example.org/bigbluebutton",
    ProviderName.JITSI: "Like https://meet.example.org",
    ProviderName.ZOOM: "Leave it as it is, unless Zoom told you another.",
}


class ConnectionForm(forms.Form):
    """How to reach one provider. Shows no secret, whether one is kept or was just typed."""

    address = forms.CharField(
        label="Address",
        max_length=200,
        error_messages={"required": "Add the address of the server"},
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    may_record = forms.BooleanField(label="Whoever runs a session may start a recording", required=False)

    def __init__(self, data: Any = None, *, provider: str, kept: Connection | None) -> None:
        start = {"address": kept.address, "may_record": kept.may_record} if kept else {}
        if not kept and provider == ProviderName.ZOOM:
            start = {"address": "https://zoom.us"}
        super().__init__(data, prefix=provider, initial=start)
        self.provider, self.kept = ProviderName(provider), kept
        self.fields["address"].help_text = ADDRESS_HINTS[self.provider]
        for asked in NEEDED[self.provider]:
            self.fields[asked.name] = self._secret(asked)
        self.fields["may_record"].help_text = RECORDING_HINTS.get(self.provider, "")
        if self.provider == ProviderName.JITSI:
            del self.fields["may_record"]

    def _secret(self, asked: Asked) -> forms.CharField:
        return forms.CharField(
            label=asked.label,
            help_text=" ".join(filter(None, [asked.hint, KEPT if self.kept else ""])),
            required=not (asked.optional or self.kept),
            max_length=LONGEST,
            error_messages={"required": f"Add this: {asked.label.lower()}"},
            widget=asked.box(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )

    def clean(self) -> dict[str, Any]:
        """A new address needs its secrets anew: the old ones are not sent to another place."""
        kept, address = self.kept, self.cleaned_data.get("address")
        if kept and address and address != kept.address:
            for asked in NEEDED[self.provider]:
                if not asked.optional and not self.cleaned_data.get(asked.name):
                    self.add_error(asked.name, "Another address needs this once more")
        return self.cleaned_data

    @property
    def secrets(self) -> dict[str, str]:
        """What was typed of them."""
        return {asked.name: self.cleaned_data.get(asked.name, "").strip() for asked in NEEDED[self.provider]}

    def without_secrets(self) -> "ConnectionForm":
        """The same with every secret emptied, for showing it again after a refusal."""
        secret = {self.add_prefix(asked.name) for asked in NEEDED[self.provider]}
        self.data = {name: typed for name, typed in self.data.items() if name not in secret}
        return self
