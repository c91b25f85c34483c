"""Web addresses as values: which may be linked, what page they name, who owns the host. No network.

One parser decides what an address means, and everything else works on its result. `safe` is the rule for every link
that is printed or dialled: absolute http or https, no credentials, no control characters, IDNA checked, at most 2,000
characters. `tidy` drops what only serves tracking; `canonical` also folds AMP and mobile twins, for identity.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urljoin

import idna
from tld import get_fld

from pipeline.domain import digest

MAX_LENGTH = 2000
_DEFAULT_PORT = {"http": 80, "https": 443}

_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<authority>[^/?#]+)(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?", re.I
)
_FORBIDDEN = re.compile(
    "[\x00-\x20\x7f-\xa0\\\\\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ud800-\udfff\ufeff\ufff0-\uffff]"
)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = _UNRESERVED | frozenset(b"%/:@!$&'()*+,;=")
_QUERY_SAFE = _PATH_SAFE | frozenset(b"?")

# Parameters that say where a reader came from, not which page this is. Sources: AdGuard's general TrackParamFilter,
# ClearURLs, Firefox query stripping, and the share parameters of large news publishers' own feeds.
_TRACKING = re.compile(
    r"(?:utm|at|ns|mc|itm|mtm|pk|matomo|piwik|hsa|vero|oly|mkt|ga|trk|lyr|sc|wt|nr|asgtbndr|__?hs)_[\w.-]*"
    r"|_?_?hs(?:enc|mi|tc|ssc|fp)|hsctatracking|mkt_tok|_ga|_gl|xtor|xtref"
    r"|(?:fbc|gc|dc|twc|yc|ysc|msclk|igsh|ttc|li_fat_|wbra|gbra|clck|irclick|rdt_c|sc_)l?id|igshid|gclsrc|gad_source|epik"
    r"|ito|ftag|ocid|ncid|cmp|cmpid|smid|smtyp|sref|s_kwcid|s_cid|icid|partner|emc|wpisrc|wpmm|tsmp|mbid|traffic_source"
    r"|ref_src|ref_url|referrer|referer|feedtype|feedname|guccounter|guce_[\w]*|sr_share|spm|soc_(?:src|trk)"
    r"|shared?|share_?id|unlocked_article_code|view_token|via|taid|ceid|dlbk|fb_(?:action|source|ref)[\w]*",
    re.I,
)
# Parameters that track only with certain values; with others they may choose the page.
_TRACKING_VALUE = re.compile(
    r"(?:src|source|from|ref|feature|af|mod|cid|medium|campaign|output|xid|mode)=(?:rss|feed|r|atom|syndication|newsletter|email|twitter|"
    r"facebook|rss_\w*|youtu\.be|\w+_(?:lead|feat)\w*)|amp(?:=(?:1|true)?)?|outputtype=amp|format=amp",
    re.I,
)
_AMP_PATH = re.compile(r"(?<=.)/amp/?\Z|\.amp(?=\.html?\Z)|(?<=[^/])\.amp\Z|(?<=/)amp/(?=.*\d)", re.I)
_AMP_CACHE = re.compile(r"/[a-z]/(?:s/)?(?P<rest>[^/]+\.[^/]+.*)", re.I)


@dataclass(frozen=True, slots=True)
class _Parts:
    scheme: str
    host: str
    port: int | None
    path: str
    query: str | None
    fragment: str | None

    def text(self) -> str:
        shown = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port is None else f":{self.port}"
        query = "" if self.query is None else f"?{self.query}"
        fragment = "" if self.fragment is None else f"#{self.fragment}"
        return f"{self.scheme}://{shown}{port}{self.path}{query}{fragment}"


def safe(url: str) -> str | None:
    """`url` in its one normal ASCII form when it may be linked and dialled, else None."""
    parts = _parse(url)
    return None if parts is None else parts.text()


def absolute(link: str, base: str) -> str | None:
    """`link`, found in the document at `base`, as a safe address."""
    link = link.strip()
    if _FORBIDDEN.search(link.replace(" ", "")):
        return None
    try:
        return safe(urljoin(base, link))
    except ValueError:
        return None


def tidy(url: str) -> str | None:
    """`safe(url)` without fragment and tracking parameters: what a record links to."""
    parts = _parse(url)
    return None if parts is None else replace(parts, query=_query(parts.query, order=False), fragment=None).text()


def canonical(url: str) -> str | None:
    """The address of the page that `url` names: tidy, parameters sorted, AMP and mobile twins folded. Idempotent."""
    parts = _parse(url)
    if parts is None:
        return None
    while True:
        folded = _fold(parts)
        if folded == parts:
            return parts.text()
        parts = folded


def host(url: str) -> str | None:
    """Host of a safe address, lower case ASCII, without port and brackets."""
    parts = _parse(url)
    return None if parts is None else parts.host


def origin(url: str) -> str | None:
    """scheme://host:port, the unit that credentials belong to."""
    parts = _parse(url)
    return None if parts is None else f"{parts.scheme}://{parts.host}:{parts.port or _DEFAULT_PORT[parts.scheme]}"


def within(url: str | None, site: str) -> bool:
    """Whether a page belongs to the site at `site`, however its address is written; never for an empty one."""
    here, home = canonical(url) if url else None, canonical(site) if site else None
    if here is None or home is None:
        return False
    page, root = (one.split("://", 1)[1].removeprefix("www.").partition("?")[0] for one in (here, home))
    root = root.rstrip("/")
    return page == root or page.startswith(f"{root}/")


def bare(url: str) -> bool:
    """Whether a safe address names a site and no page of it: neither path nor query."""
    parts = _parse(url)
    return parts is not None and parts.path == "/" and not parts.query


def registrable(url: str) -> str | None:
    """The domain somebody registered (public suffix plus one label, by the bundled list); an IP address is itself."""
    name = host(url) if "//" in url else host(f"https://{url}")
    return None if name is None else _registered(name)


def record_id(url: str | None, source: str, native_id: str | None, text: str) -> str:
    """Id of a record: of its page, else of its source and native id, else of its text.

    http and https, "www." and a closing slash name the same page. A bare home page names a site, not an article, so
    there the native id decides where there is one.
    """
    page = canonical(url) if url else None
    if page:
        key = page.split("://", 1)[1].removeprefix("www.").rstrip("/")
        if "/" in key or not native_id:
            return "r" + digest("record", "page", key)
    if native_id:
        return "r" + digest("record", "native", source, native_id)
    return "r" + digest("record", "text", source, text)


# --- parsing ---------------------------------------------------------------------------------------------------------


def _parse(url: str) -> _Parts | None:
    url = url.strip(" \t\r\n").replace(" ", "%20")
    if len(url) > MAX_LENGTH or _FORBIDDEN.search(url):
        return None
    match = _ADDRESS.fullmatch(url)
    if match is None:
        return None
    scheme = match["scheme"].lower()
    place = _authority(match["authority"], scheme)
    path = _escape(match["path"], _PATH_SAFE)
    if place is None or "%00" in path:
        return None
    query = None if match["query"] is None else _escape(match["query"], _QUERY_SAFE)
    fragment = None if match["fragment"] is None else _escape(match["fragment"], _QUERY_SAFE)
    parts = _Parts(scheme, *place, _undot(path), query, fragment)
    return parts if len(parts.text()) <= MAX_LENGTH else None


def _authority(authority: str, scheme: str) -> tuple[str, int | None] | None:
    if "@" in authority or "%" in authority:
        return None
    literal = re.fullmatch(r"\[([0-9A-Fa-f:.]+)\](?::([0-9]{0,5}))?", authority)
    if literal:
        try:
            name: str | None = str(ipaddress.IPv6Address(literal[1]))
        except ValueError:
            return None
        port = literal[2]
    else:
        bare, _, port = authority.partition(":")
        name = _name(bare)
    if name is None or not (port or "0").isascii() or not (port or "0").isdigit():
        return None
    number = int(port) if port else _DEFAULT_PORT[scheme]
    if not 0 < number < 65536:
        return None
    return name, None if number == _DEFAULT_PORT[scheme] else number


@lru_cache(maxsize=4096)
def _name(name: str) -> str | None:
    """A host name in lower case ASCII; None for what is not a name or a plainly written IPv4 address."""
    name = name.rstrip(".") if name.isascii() else name
    try:
        if not name.isascii():
            name = idna.encode(name, uts46=True, std3_rules=True).decode("ascii").rstrip(".")
        name = name.lower()
        labels = name.split(".")
        for label in labels:
            if label.startswith("xn--"):
                idna.decode(label)
    except (idna.IDNAError, UnicodeError, IndexError):
        return None
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    if _NUMERIC.fullmatch(labels[-1]):  # 2130706433, 0x7f.1, 127.1: other spellings of an address are tricks
        try:
            return str(ipaddress.IPv4Address(name))
        except ValueError:
            return None
    return name


def _escape(text: str, keep: frozenset[int]) -> str:
    """Percent-encoding in one form: UTF-8, upper-case hex, nothing encoded that need not be."""
    text = _STRAY_PERCENT.sub("%25", text)
    text = _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if int(m[1], 16) in _UNRESERVED else m[0].upper(), text)
    return "".join(chr(byte) if byte in keep else f"%{byte:02X}" for byte in text.encode("utf-8"))


def _undot(path: str) -> str:
    """`path` with "." and ".." segments resolved (RFC 3986, 5.2.4)."""
    if "/." not in path:
        return path or "/"
    kept: list[str] = []
    segments = path.split("/")[1:]
    for index, segment in enumerate(segments):
        last = index == len(segments) - 1
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
            continue
        if last:
            kept.append("")
    return "/" + "/".join(kept)


# --- identity --------------------------------------------------------------------------------------------------------


def _query(query: str | None, *, order: bool) -> str | None:
    """Parameters without the tracking ones; sorted by name, repeated names in their order."""
    if not query:
        return None
    pairs = [pair for pair in query.split("&") if pair and not _tracks(pair)]
    if order:
        pairs.sort(key=lambda pair: pair.partition("=")[0])
    return "&".join(pairs) or None


def _tracks(pair: str) -> bool:
    name = pair.partition("=")[0].partition("%3D")[0]
    whole = pair.replace("%3D", "=", 1)
    return bool(_TRACKING.fullmatch(name) or _TRACKING_VALUE.fullmatch(whole.partition("%26")[0]))


def _fold(parts: _Parts) -> _Parts:
    """One step towards the canonical page."""
    cached = _unwrap(parts)
    if cached is not None:
        return cached
    path = _AMP_PATH.sub("", parts.path)
    return replace(parts, host=_desktop(parts.host), path=path, query=_query(parts.query, order=True), fragment=None)


def _unwrap(parts: _Parts) -> _Parts | None:
    """The page inside an AMP cache's address."""
    if parts.host.endswith(".cdn.ampproject.org"):
        path = parts.path
    elif parts.host in ("www.google.com", "google.com") and parts.path.startswith("/amp/"):
        path = "/c" + parts.path[4:]
    else:
        return None
    match = _AMP_CACHE.fullmatch(path)
    if match is None:
        return None
    scheme = "https" if "/s/" in path[:5] else "http"
    return _parse(f"{scheme}://{match['rest']}" + (f"?{parts.query}" if parts.query else ""))


def _desktop(name: str) -> str:
    """The host without a mobile or AMP label, as long as a registered domain remains."""
    labels = name.split(".")
    for index in (0, 1):
        if len(labels) > 2 and labels[index] in ("m", "mobile", "amp"):
            rest = ".".join(labels[:index] + labels[index + 1 :])
            if _registered(rest) == _registered(name):
                return rest
    return name


@lru_cache(maxsize=4096)
def _registered(name: str) -> str:
    try:
        return get_fld(f"https://{name}", fail_silently=True, search_private=True) or name
    except ValueError:
        return name
