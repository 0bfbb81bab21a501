"""How somebody asks for a link."""

from django import forms

LONGEST_TYPED_CODE = 40


class AddressForm(forms.Form):
    """Whom to ask, by e-mail."""

    address = forms.EmailField(
        label="Your partner's e-mail",
        help_text="We write to them once. The letter doesn't say who asks, or what.",
        max_length=254,
        error_messages={
            "required": "Add your partner's e-mail",
            "invalid": "Check the address: it should look like name@example.org",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class CodeForm(forms.Form):
    """A code that a partner reads out."""

    typed = forms.CharField(
        label="The code on your partner's screen",
        max_length=LONGEST_TYPED_CODE,
        error_messages={
            "required": "Type the code on your partner's screen",
            "max_length": "Check the code: it has ten letters and digits",
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
