"""Units of measure: how each spelling reaches its base unit. SI brochure (BIPM 2019), IEC 80000-13, NIST SP 811.

Durations up to weeks are in seconds ("s"), longer ones in months ("month"): neither can be turned into the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

MAGNITUDES: Mapping[str, float] = MappingProxyType(
    {
        **dict.fromkeys(("hundred",), 1e2),
        **dict.fromkeys(("k", "K", "thousand"), 1e3),
        **dict.fromkeys(("m", "M", "mn", "mln", "mil", "million", "millions", "mm", "MM", "millones", "millón"), 1e6),
        **dict.fromkeys(("b", "B", "bn", "bln", "billion", "billions"), 1e9),
        **dict.fromkeys(("t", "T", "tn", "trn", "trillion", "trillions"), 1e12),
        **dict.fromkeys(("crore", "crores"), 1e7),
        **dict.fromkeys(("lakh", "lakhs"), 1e5),
    }
)

CURRENCIES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("us$", "$", "usd", "dollar", "dollars", "us dollars", "u.s. dollars"), "USD"),
        **dict.fromkeys(("€", "eur", "euro", "euros"), "EUR"),
        **dict.fromkeys(("£", "gbp", "pound", "pounds", "pounds sterling", "quid"), "GBP"),
        **dict.fromkeys(("jp¥", "¥", "jpy", "yen"), "JPY"),
        **dict.fromkeys(("cn¥", "cny", "rmb", "yuan", "renminbi"), "CNY"),
        **dict.fromkeys(("₹", "rs", "rs.", "inr", "rupee", "rupees"), "INR"),
        **dict.fromkeys(("a$", "au$", "aud"), "AUD"),
        **dict.fromkeys(("c$", "ca$", "cad"), "CAD"),
        **dict.fromkeys(("rm", "myr", "ringgit"), "MYR"),
        **dict.fromkeys(("hk$", "hkd"), "HKD"),
        **dict.fromkeys(("s$", "sgd"), "SGD"),
        **dict.fromkeys(("nz$", "nzd"), "NZD"),
        **dict.fromkeys(("r$", "brl", "reais"), "BRL"),
        **dict.fromkeys(("chf", "francs"), "CHF"),
        **dict.fromkeys(("₩", "krw", "won"), "KRW"),
        **dict.fromkeys(("₽", "rub", "roubles", "rubles"), "RUB"),
        **dict.fromkeys(("₺", "try", "lira"), "TRY"),
        **dict.fromkeys(("₿", "btc", "bitcoin", "bitcoins"), "BTC"),
        **dict.fromkeys(("₦", "ngn", "naira"), "NGN"),
        **dict.fromkeys(("sek", "kronor"), "SEK"),
        **dict.fromkeys(("zł", "pln", "zloty", "zlotys"), "PLN"),
        **dict.fromkeys(("₴", "uah", "hryvnia", "hryvnias"), "UAH"),
        **dict.fromkeys(("₪", "ils", "shekel", "shekels"), "ILS"),
        **dict.fromkeys(("cent", "cents"), "USD/100"),
    }
)

_PREFIX = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18}
_SMALL = {"m": 1e-3, "µ": 1e-6, "μ": 1e-6, "n": 1e-9}
_WORD_PREFIX = {"": 1.0, "kilo": 1e3, "mega": 1e6, "giga": 1e9, "tera": 1e12, "peta": 1e15, "exa": 1e18}
_WORD_SMALL = {"centi": 1e-2, "milli": 1e-3, "micro": 1e-6, "nano": 1e-9}


def _table() -> dict[str, tuple[float, str]]:
    """Spelling -> (factor, base unit). Symbols keep their case; words are in lower case, singular and plural."""
    units: dict[str, tuple[float, str]] = {}
    for prefix, factor in _PREFIX.items():
        for symbol in ("W", "Wh", "B", "V", "Hz", "Wp", "J"):
            if prefix + symbol not in ("B", "J", "V"):
                units[prefix + symbol] = (factor, "W" if symbol == "Wp" else symbol)
        if prefix:
            units[prefix + "bps"] = units[prefix + "bit/s"] = units[prefix + "b/s"] = (factor, "bit/s")
            units[prefix + "bit"] = (factor, "bit")
            units[prefix + "B/s"] = (factor, "B/s")
            units[prefix + "iB"] = (1024.0 ** (list(_PREFIX).index(prefix)), "B")
    units["kw"], units["kwh"], units["KB"], units["KW"], units["KWh"] = (
        (1e3, "W"),
        (1e3, "Wh"),
        (1e3, "B"),
        (1e3, "W"),
        (1e3, "Wh"),
    )
    units["V"] = (1.0, "V")
    for prefix, factor in _WORD_PREFIX.items():
        for word, base in (
            ("watt", "W"),
            ("watt-hour", "Wh"),
            ("watt hour", "Wh"),
            ("byte", "B"),
            ("volt", "V"),
            ("hertz", "Hz"),
            ("joule", "J"),
            ("bit", "bit"),
        ):
            units[prefix + word] = (factor, base)
            units[prefix + word + ("" if word == "hertz" else "s")] = (factor, base)
    for symbol, scale in (
        ("km", 1e3),
        ("m", 1.0),
        ("cm", 1e-2),
        ("mm", 1e-3),
        ("µm", 1e-6),
        ("nm", 1e-9),
        ("ft", 0.3048),
        ("mi", 1609.344),
        ("yd", 0.9144),
    ):
        units[symbol] = (scale, "m")
    for symbol, scale in (
        ("kg", 1e3),
        ("g", 1.0),
        ("mg", 1e-3),
        ("µg", 1e-6),
        ("lb", 453.59237),
        ("lbs", 453.59237),
        ("oz", 28.349523125),
        ("t", 1e6),
    ):
        units[symbol] = (scale, "g")
    _words(units)
    return units


def _words(units: dict[str, tuple[float, str]]) -> None:
    """Add the units that are written out, with their plurals, to `units`."""
    for prefix, factor in {**_WORD_PREFIX, **_WORD_SMALL}.items():
        for stem, base in (
            ("meter", "m"),
            ("metre", "m"),
            ("gram", "g"),
            ("liter", "L"),
            ("litre", "L"),
            ("second", "s"),
        ):
            units[prefix + stem] = units[prefix + stem + "s"] = (factor, base)
    plain: dict[str, tuple[float, str]] = {
        "kilo": (1e3, "g"), "foot": (0.3048, "m"), "mile": (1609.344, "m"), "yard": (0.9144, "m"),
        "inch": (0.0254, "m"),
        "pound": (453.59237, "g"), "ounce": (28.349523125, "g"), "tonne": (1e6, "g"), "metric ton": (1e6, "g"),
        "ton": (1.0, "ton"),
        "minute": (60.0, "s"), "hour": (3600.0, "s"), "day": (86400.0, "s"), "week": (604800.0, "s"),
        "fortnight": (1209600.0, "s"),
        "month": (1.0, "month"), "year": (12.0, "month"), "decade": (120.0, "month"), "quarter": (3.0,
        "month"), "century": (1200.0, "month"),
        "min": (60.0, "s"), "hr": (3600.0, "s"), "sec": (1.0, "s"), "acre": (4046.8564224, "m2"),
        "hectare": (1e4, "m2"), "gallon": (3.785411784, "L"),
        "barrel": (1.0, "barrel"), "basis point": (1e-4, "ratio"), "percentage point": (1.0, "pp"),
        "point": (1.0, "point"),
        "degree": (1.0, "degree"), "light-year": (9.4607304725808e15, "m"), "nautical mile": (1852.0, "m"),
        "knot": (0.514444444, "m/s"),
    }  # fmt: skip
    plurals = {"foot": "feet", "inch": "inches", "century": "centuries"}
    for word, value in plain.items():
        units[word] = units[plurals.get(word, word + "s")] = value
    for spelling in ("sq ft", "square feet", "square foot", "sq. ft", "sqft", "ft²", "ft2"):
        units[spelling] = (0.09290304, "m2")
    for word, scale in (
        ("meter", 1.0),
        ("metre", 1.0),
        ("kilometer", 1e6),
        ("kilometre", 1e6),
        ("mile", 2589988.110336),
    ):
        units["square " + word] = units["square " + word + "s"] = (scale, "m2")
        if word in ("meter", "metre"):
            units["cubic " + word] = units["cubic " + word + "s"] = (1.0, "m3")
    units |= {
        "m²": (1.0, "m2"), "m2": (1.0, "m2"), "sq m": (1.0, "m2"), "sq km": (1e6, "m2"), "km²": (1e6, "m2"),
        "km2": (1e6, "m2"), "sq mi": (2589988.110336, "m2"),
        "m³": (1.0, "m3"), "ha": (1e4, "m2"), "°C": (1.0, "°C"), "°F": (1.0, "°F"), "degrees Celsius": (1.0,
        "°C"), "degrees celsius": (1.0, "°C"), "degrees Fahrenheit": (1.0, "°F"),
        "degrees fahrenheit": (1.0, "°F"), "ºC": (1.0, "°C"), "ºF": (1.0, "°F"), "km/h": (1 / 3.6, "m/s"),
        "kph": (1 / 3.6, "m/s"), "kmh": (1 / 3.6, "m/s"), "mph": (0.44704, "m/s"), "m/s": (1.0, "m/s"),
        "bps": (1e-4, "ratio"), "pp": (1.0, "pp"), "hrs": (3600.0, "s"), "ms": (1e-3, "s"), "mins": (60.0,
        "s"), "horas": (3600.0, "s"),
        "días": (86400.0, "s"), "semanas": (604800.0, "s"), "meses": (1.0, "month"), "años": (12.0, "month"),
        "FLOPS": (1.0, "FLOPS"), "dB": (1.0, "dB"),
        "L": (1.0, "L"), "ml": (1e-3, "L"), "mL": (1e-3, "L"), "GT/s": (1e9, "T/s"), "tCO2": (1e6, "g"),
        "bpd": (1.0, "bpd"),
    }  # fmt: skip


UNITS: Mapping[str, tuple[float, str]] = MappingProxyType(_table())


def alternatives(spellings: Mapping[str, object]) -> str:
    """A regular expression for any of `spellings`, the longest first."""
    return "|".join(re.escape(spelling) for spelling in sorted(spellings, key=lambda word: (-len(word), word)))
