"""A page of the preview that notices the next edition. What is published stays: this is added while it is sent.

A few lines of script ask each second which edition is up, while the page can be seen, and load the page again when it
is another one. The page's own policy forbids scripts; the preview allows this one by its hash, and questions to itself.
Asking beats an open connection here: a browser opens six to one host, and the seventh tab would stand still.
"""

from __future__ import annotations

import base64
import hashlib
import re
from html import escape, unescape

ADDRESS = "/.preview/edition"
_POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(")')
_SCRIPT = """
setInterval(function () {
  if (document.hidden) return;
  fetch("%s", {cache: "no-store"})
    .then(function (reply) { return reply.ok ? reply.text() : "%s"; })
    .then(function (mark) { if (mark !== "%s") location.reload(); }, function () {});
}, 1000);
"""


def reloading(page: bytes, mark: str) -> bytes:
    """`page`, an HTML page of the edition `mark`, with the script at its end and a policy that allows it."""
    text = page.decode("utf-8", "replace")
    head, end, tail = text.rpartition("</body>")
    if not end:
        return page
    script = _SCRIPT % (ADDRESS, mark, mark)
    token = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    added = {"script-src": f"'sha256-{token}'", "connect-src": "'self'"}
    head = _POLICY.sub(lambda found: f"{found[1]}{escape(allowing(unescape(found[2]), added))}{found[3]}", head, 1)
    return f"{head}<script>{script}</script>\n{end}{tail}".encode()


def allowing(policy: str, added: dict[str, str]) -> str:
    """A content-security policy (CSP level 3) that also allows the sources `added`, by directive."""
    directives = {name: rest.strip() for part in policy.split(";") for name, _, rest in [part.strip().partition(" ")]}
    directives.pop("", None)
    for name, source in added.items():
        own = [one for one in directives.get(name, "").split() if one not in ("'none'", source)]
        directives[name] = " ".join([*own, source])
    return "; ".join(f"{name} {rest}".strip() for name, rest in directives.items())
