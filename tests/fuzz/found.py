"""Inputs that once broke a law, and seeds near them: (law, bytes)."""

from __future__ import annotations

FOUND: tuple[tuple[str, bytes], ...] = (
    ("url", b"https://www.example.com:443/a/../b?utm_source=x&q=1#top\nhttps://x.example/"),
    ("guard", b"\x7f\x00\x00\x01"),
    ("feed", b"text/xml\n<rss version='2.0'><channel><item><title>a</title></item></channel></rss>"),
    ("span", b"The port ordered 12 turbines on Monday, Ana Reyes said."),
    ("number", b"four in ten, 15 GW, $1.5 billion to 2bn"),
    ("gate", b"The port ordered 12 turbines.\nThe port said it ordered a dozen turbines."),
)
