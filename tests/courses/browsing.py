"""What is on a page, as somebody sees it whose browser runs no scripts."""

import re
from html import unescape

from tests.courses.written import address

COURSE = "/courses/telling/"


def words(answer):
    """What is on the page, as text with its mark-up."""
    return unescape(answer.content.decode())


def title(answer):
    """What the browser's tab says, without the site's name."""
    return re.search(r"<title>(.*?)</title>", words(answer), re.DOTALL)[1].split("|")[0]


def forms_of(answer):
    """Every form on the page: its address, its method, and the fields that a browser would send untouched."""
    found = []
    for attributes, inner in re.findall(r"<form([^>]*)>(.*?)</form>", words(answer), re.DOTALL):
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inner))
        fields.pop("csrfmiddlewaretoken", None)
        action = re.search(r'action="([^"]*)"', attributes)
        found.append((action[1] if action else "", "post" if 'method="post"' in attributes else "get", fields))
    return found


def form_to(answer, ending):
    """The first form whose address ends like this, with its hidden fields."""
    return next((action, fields) for action, _, fields in forms_of(answer) if action.endswith(ending))


def form_of(answer, name, item):
    """The form of one item."""
    return form_to(answer, f"{item}/{name}/")


def answer_to(browser, page, item, **sent):
    """Fill in a question's form on the page as it is, and follow where it leads."""
    action, fields = form_of(browser.get(address(page)), "answer", item)
    return browser.post(action, {**fields, **sent}, follow=True)
