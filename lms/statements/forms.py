"""Where an agency's statements go. The key is taken in and never given back."""

from typing import Any

from django import forms

from lms.statements.models import Store

KEPT = "Saved. Leave this empty to keep it."
LONGEST = 500
_PLAIN = {"autocomplete": "off", "spellcheck": "false"}


class StoreForm(forms.Form):
    """A record store: its address, what opens it, and whether it is told."""

    endpoint = forms.CharField(
        label="Address",
        max_length=200,
        help_text="The xAPI endpoint of the record store, like https://store.example.org/xapi",
        error_messages={"required": "Add the address of the record store"},
        widget=forms.TextInput(attrs={**_PLAIN, "inputmode": "url"}),
    )
    key = forms.CharField(label="Key", max_length=LONGEST, required=False, widget=forms.TextInput(attrs=_PLAIN))
    secret = forms.CharField(
        label="Secret", max_length=LONGEST, required=False, widget=forms.PasswordInput(attrs=_PLAIN)
    )
    is_on = forms.BooleanField(label="Tell it what happens from now on", required=False)

    def __init__(self, *args: Any, kept: Store | None, **kwargs: Any) -> None:
        initial = {"endpoint": kept.endpoint, "is_on": kept.is_on} if kept else {}
        super().__init__(*args, **{"initial": initial, **kwargs})
        for name in ("key", "secret"):
            self.fields[name].required = kept is None
            self.fields[name].error_messages["required"] = f"Add the {name} of the record store"
            self.fields[name].help_text = KEPT if kept else ""

    def without_key(self) -> "StoreForm":
        """The form to be shown again: the address as it was typed, and no key."""
        self.data = {name: value for name, value in self.data.items() if name != "key"}
        return self
