"""What a publisher declares of a text itself: that it was paid for, or that it is satire. Neither is news.

Only declarations count, never wording: the type that a page gives itself in JSON-LD (schema.org: SatiricalArticle,
AdvertiserContentArticle), the section that it names or stands in, and, of what is paid for, the labels of a feed. A
label "satire" may as well say what an honest article is about, so it counts as a section alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

PAID, SATIRE = "declared as paid for", "declared as satire"
RULES = (PAID, SATIRE)

_TYPES = {"advertisercontentarticle": PAID, "satiricalarticle": SATIRE}
_PAID = frozenset(
    " ".join(name.split())
    for name in """
    sponsored; sponsored content; sponsored post; sponsored article; sponsored story; sponsor content; paid content;
    paid post; paid partnership; paid program; partner content; partnered content; branded content; brand content;
    brand voice; brandvoice; native advertising; advertorial; advertorials; advertisement feature; advertiser content;
    promoted content; promoted post; anzeige; bezahlter inhalt; contenido patrocinado; patrocinado; publirreportaje;
    contenu sponsorise; publireportage; publi redactionnel; contenuto sponsorizzato; conteudo patrocinado
    """.split(";")
)
_SATIRE = frozenset(("satire", "satira", "parody", "satirical news"))
_MOST = 50  # labels, scripts and types that are looked at
_LONGEST = 200_000  # characters of one script
_APART = re.compile(r"[\W_]+")
_ACCENTS = str.maketrans("éèêàáâãçíìóòôõúùü", "eeeaaaaciioooouuu")


def of_labels(labels: Iterable[str]) -> str:
    """The rule by which an item with these labels of its feed is no news; empty for none."""
    return PAID if any(_plain(label) in _PAID for label in islice(labels, _MOST)) else ""


def of_address(url: str | None) -> str:
    """The rule by which what stands at `url` is no news: it is in a section for such texts. Empty for none."""
    sections = [_plain(part) for part in urlsplit(url).path.split("/")[:-1]] if url else []
    return next((rule for part in sections[:_MOST] if (rule := _section(part))), "")


def of_page(root: Any) -> str:
    """The rule by which a parsed page is no news, by the type or the section that it gives itself; empty for none."""
    metas = islice(root.iter("meta"), 2000)
    named = [meta.get("content", "")[:200] for meta in metas if meta.get("property", "") == "article:section"]
    told = next((rule for one in named[:_MOST] if (rule := _section(_plain(one)))), "")
    return told or next((_TYPES[one] for one in _types(root) if one in _TYPES), "")


def _section(name: str) -> str:
    return PAID if name in _PAID else SATIRE if name in _SATIRE else ""


def _plain(label: str) -> str:
    """A label as it is compared: small letters without accents, one space between words."""
    return _APART.sub(" ", label[:200].casefold().translate(_ACCENTS)).strip()


def _types(root: Any) -> Iterator[str]:
    """The types of a page's own JSON-LD, in small letters: of what it is, not of what it lists or speaks of."""
    scripts = (one for one in root.iter("script") if one.get("type", "").strip().lower() == "application/ld+json")
    for script in islice(scripts, _MOST):
        try:
            found = json.loads((script.text or "")[:_LONGEST])
        except (ValueError, RecursionError):
            continue
        things = found if isinstance(found, list) else [found]
        graph = [one for thing in things if isinstance(thing, dict) for one in [thing, *_listed(thing.get("@graph"))]]
        for thing in graph[:_MOST]:
            kinds = thing.get("@type") if isinstance(thing, dict) else None
            yield from (str(kind).rpartition("/")[2].casefold() for kind in _listed(kinds) or [kinds])


def _listed(value: object) -> list[Any]:
    return value[:_MOST] if isinstance(value, list) else []
