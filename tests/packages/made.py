"""Small packages of our own, sound and hostile, made as a zip in memory."""

import io
import zipfile
from dataclasses import dataclass

MANIFEST_12 = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="M1" version="1.0" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="O1">
    <organization identifier="O1"><title>The first week</title>{items}</organization>
  </organizations>
  <resources>{resources}</resources>
</manifest>"""
MANIFEST_2004 = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="M1" version="1.0" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
  <metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
  <organizations default="O1">
    <organization identifier="O1"><title>The first week</title>{items}</organization>
  </organizations>
  <resources>{resources}</resources>
</manifest>"""
SCO = """<!doctype html><html lang="en"><head><title>Part</title></head><body>
<h1>Part</h1><p id="said"></p><script>
let at = window; while (!at.API && !at.API_1484_11 && at.parent !== at) at = at.parent;
const api = at.API || at.API_1484_11, is12 = !!at.API;
const call = (name12, name04) => (...said) => String(api[is12 ? name12 : name04](...said));
const begin = call("LMSInitialize", "Initialize"), get = call("LMSGetValue", "GetValue");
const fault = call("LMSGetLastError", "GetLastError");
const set = call("LMSSetValue", "SetValue"), commit = call("LMSCommit", "Commit"), end = call("LMSFinish", "Terminate");
begin("");
const entry = get(is12 ? "cmi.core.entry" : "cmi.entry");
document.getElementById("said").textContent = [entry, get("cmi.suspend_data")].join("|");
</script></body></html>"""

HOSTILE = """<!doctype html><html lang="en"><head><title>Part</title></head><body><p id="said">Trying</p><script>
const site = "SITE", said = {};
const attempt = (name, deed) => { try { said[name] = String(deed()); } catch (fault) { said[name] = fault.name; } };
const send = (target) => {
  const form = document.createElement("form");
  Object.assign(form, { action: `${site}/accounts/logout/`, method: "post", target });
  document.body.append(form);
  form.submit();
};
const load = (tag) => new Promise((done) => {
  const it = document.createElement(tag);
  it.onload = () => done("loaded");
  it.onerror = () => done("refused");
  it.src = `${site}/static/lms/mark.svg`;
  document.body.append(it);
});
attempt("the page around it", () => top.document.title);
attempt("its address", () => { top.location = `${site}/accounts/logout/`; });
attempt("its cookies", () => document.cookie);
attempt("a pop-up", () => window.open(site));
attempt("a form", () => { send("_self"); send("_top"); });
Promise.all([
  fetch(`${site}/my/`, { mode: "no-cors", credentials: "include" }).then(() => "answered", (fault) => fault.name),
  fetch("imsmanifest.xml").then(() => "answered", (fault) => fault.name),
  load("img"),
  load("script"),
]).then(([site, self, picture, script]) => {
  Object.assign(said, { "a question to the site": site, "one to its own host": self, picture, script });
  document.getElementById("said").textContent = JSON.stringify(said);
});
</script></body></html>"""


@dataclass(frozen=True)
class Item:
    id: str
    href: str
    extra: str = ""


def manifest(*items, standard="1.2", asset_first=False):
    """The manifest of a package with these parts."""
    shape = MANIFEST_12 if standard == "1.2" else MANIFEST_2004
    lines = "".join(
        f'<item identifier="{one.id}" identifierref="R-{one.id}"><title>{one.id}</title>{one.extra}</item>'
        for one in items
    )
    resources = "".join(
        f'<resource identifier="R-{one.id}" type="webcontent" adlcp:scormtype="sco" href="{one.href}"/>'
        for one in items
    )
    if asset_first:
        resources = '<resource identifier="logo" type="webcontent" href="shared/logo.png"/>' + resources
    return shape.format(items=lines, resources=resources)


ONE = Item("intro", "index.html")


def zipped(files):
    """A zip of ``files``: names (or ZipInfo) and contents."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items() if isinstance(files, dict) else files:
            package.writestr(name, content)
    packed.seek(0)
    return packed


def sound(*items, standard="1.2", **more):
    """A package that can be started."""
    items = items or (ONE,)
    files = {"imsmanifest.xml": manifest(*items, standard=standard)}
    files |= {one.href.partition("?")[0]: SCO for one in items}
    return zipped({**files, **more})


def hostile(site):
    """A package that tries to get at the reader and at the site around it."""
    return sound(**{"index.html": HOSTILE.replace("SITE", site)})
