"""From views to bytes: the one Jinja environment, and the frame that every page of the site stands in.

Autoescape is on for every template, a missing name is an error, and every printed string passes `printable`, so no
character that XML forbids, and none that a reader cannot see, can reach a page. Templates come from the package alone.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jinja2

from pipeline import resources
from pipeline.edition import Edition, Page
from pipeline.errors import ValidationFailed
from pipeline.renderers.head import About, page_head
from pipeline.renderers.places import Places, root_of
from pipeline.renderers.printing import printable

# No page has a script but the search; whoever audits a page asks for robots.txt from within it.
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
SEARCH_POLICY = f"{POLICY}; script-src 'self'"  # of the search page alone
_RIGHT_TO_LEFT = re.compile(r"(?:ar|arc|ckb|dv|fa|he|ks|ku-arab|nqo|ps|sd|syr|ug|ur|yi)\b", re.IGNORECASE)


def direction(lang: str) -> str:
    """The direction in which a language is written: "rtl" or "ltr"."""
    return "rtl" if _RIGHT_TO_LEFT.match(lang) else "ltr"


def _finalize(value: Any) -> Any:
    """What every printed expression passes. None on a page is a mistake, never the word "None"."""
    if value is None:
        raise ValidationFailed("a template prints a value that is missing")
    return printable(value) if type(value) is str else value


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """The environment; templates are compiled once in a process."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(resources.folder("templates")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.filters["direction"] = direction
    made.policies["json.dumps_kwargs"] = {"sort_keys": True, "separators": (",", ":")}
    return made


def fill(template: str, values: Mapping[str, Any]) -> str:
    """`template` with `values`. Raises ValidationFailed naming file and line, so that the old site stays."""
    try:
        return environment().get_template(template).render(values)
    except jinja2.TemplateSyntaxError as error:
        raise ValidationFailed(
            f"template {error.filename or template}, line {error.lineno}: {error.message}"
        ) from error
    except jinja2.TemplateError as error:
        raise ValidationFailed(f"template {template}: {error.message}") from error


@lru_cache(maxsize=1)
def stylesheet() -> tuple[str, bytes]:
    """The one style sheet: its address, which holds its hash, and its bytes."""
    body = resources.text("templates", "site.css").encode()
    return f"assets/site-{hashlib.sha256(body).hexdigest()[:10]}.css", body


def inline_policy(style: str) -> str:
    """The policy of a page that carries its style inside: that style by its hash, and nothing else."""
    token = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{token}'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class Nav:
    """An entry of the site's navigation."""

    name: str
    href: str
    current: bool


class Frame:
    """The frame around every page of one edition: name, navigation, notices, feeds."""

    def __init__(self, edition: Edition, places: Places) -> None:
        site = self._site = edition.settings.site
        self._beats = [(name, address) for name in places.beats if (address := places.beat(name))]
        self._common: dict[str, Any] = {
            "site": site.name,
            "description": site.description,
            "contact": site.contact,
            "lang": site.lang,
            "sample": edition.sample,
            "policy": POLICY,
            "css": stylesheet()[0],
            "topics": bool(edition.topics),
        }

    def page(
        self,
        path: str,
        template: str,
        title: str | Callable[[Any], str],
        view: Callable[[], Any],
        *,
        rests_on: str | None = None,
        about: Callable[[], About] = About,
        **more: Any,
    ) -> Page:
        """The page at `path`, of what `view` gives when the page is made.

        `title` may be taken from the view. `about` gives what its head says beside that. `more` may set `feed` (address
        of its feed) and other names of its template.
        """

        def make() -> bytes:
            shown = view()
            root = more.get("root", root_of(path))
            called = title if isinstance(title, str) else title(shown)
            values = {
                **self._common,
                "root": root,
                "title": called,
                "head": page_head(path, called, self._site, about(), root),
                "path": path,
                "nav": tuple(self._nav(path)),
                "feed": "feed.xml",
                "view": shown,
                **more,
            }
            return fill(template, values).encode()

        return Page(path, make, rests_on)

    def _nav(self, path: str) -> Iterator[Nav]:
        for name, address in self._beats:
            yield Nav(name, address, address == path)
