"""Words about how somebody signs in."""

from django import template

from lms.accounts.devices import device

register = template.Library()
register.filter("device", device)
