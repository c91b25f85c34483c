"""The settings tree: frozen, typed, documented; the only reader of configuration files and environment.

Every field's description is its documentation; README's settings table is checked against it. `load` reads
citewire.toml and turns every mistake into a ConfigurationError with file, line, key and what to write instead.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.domain import Source, digest
from pipeline.errors import ConfigurationError
from pipeline.locating import line_of
from pipeline.preferences import (
    DeskSettings,
    EngineSettings,
    InterestSettings,
    NotifySettings,
    PublishSettings,
    RankingSettings,
    RecheckSettings,
    SearchSettings,
    Section,
    SiteSettings,
    StoriesSettings,
    TopicSettings,
    WriteSettings,
)
from pipeline.roles import LimitSettings, RolesSettings, ServedSettings
from pipeline.upkeep import BackupSettings, RetentionSettings, TelemetrySettings


class BeatSettings(Section):
    """[[beat]]: an editorial area."""

    name: str = Field(min_length=1, max_length=60, description="Shown name; unique.")
    description: str = Field(
        default="", description="What belongs here, in a sentence; compared with records by similarity."
    )
    keywords: tuple[str, ...] = Field(default=(), description="Words and phrases, matched on word boundaries.")
    lang: str = Field(default="en", description="Language its stories are written in.")
    weight: float = Field(default=1.0, ge=0, le=5, description="How much it counts in the ranking that it is its own.")


class SourceSettings(Section):
    """[[source]]: where records come from."""

    model_config = ConfigDict(frozen=True, extra="allow")  # kinds have options of their own

    name: str = Field(min_length=1, max_length=80, description="Unique name, shown in reports.")
    kind: str = Field(description="Adapter: feed, files, reddit, ... (docs/sources.md), or one that a package adds.")
    address: str = Field(description="Address or path to read.")
    beat: str | None = Field(default=None, description="Beat that its records probably belong to: a hint only.")
    owner: str | None = Field(
        default=None, description="Who owns the source: the same name at several makes them one voice, counted once."
    )
    country: str | None = Field(default=None, description="Country of the source, two letters.")
    lang: str | None = Field(default=None, description="Language of its records where the source itself does not say.")
    note: str | None = Field(default=None, description="What you know of its quality; shown on the sources page.")
    sample: bool = Field(default=False, description="Marks every record, and every page that cites one, as sample.")


class IngestSettings(Section):
    """[ingest]: how sources are read."""

    timeout: float = Field(default=30.0, gt=0, le=600, description="Seconds for one whole request, redirects included.")
    max_feed_bytes: int = Field(default=10_485_760, ge=1024, description="Largest decoded feed or API answer.")
    max_page_bytes: int = Field(default=5_242_880, ge=1024, description="Largest decoded page.")
    max_new: int = Field(
        default=200, ge=1, description="Newest items taken from one source in one night; the rest waits."
    )
    pace: float = Field(default=1.0, ge=0, description="Seconds between two requests to one host.")
    full_text: bool = Field(default=True, description="Fetch the page behind a feed item and extract its text.")
    allow_private: tuple[str, ...] = Field(default=(), description='Own servers that may be dialled: "host:port".')
    parse_timeout: float = Field(default=30.0, gt=0, description="Seconds after which a parser process is killed.")
    workers: int = Field(default=2, ge=1, le=64, description="Parser processes.")
    hosts: int = Field(default=256, ge=1, le=1024, description="Hosts asked at the same time.")
    night_seconds: float = Field(
        default=1800.0, gt=0, description="Seconds after which a night's reading ends with what is there."
    )
    keep_raw_days: int = Field(
        default=30, ge=0, description="Days that pages and feeds are kept as they came, compressed; 0 keeps none."
    )


class AnalyzeSettings(Section):
    """[analyze]: how records become claims and storylines."""

    embedder: str = Field(default="lexical", description='"lexical", "auto", or "sentence-transformers:MODEL".')
    window_days: int = Field(
        default=14, ge=1, le=365, description="How far back tonight's records look for a storyline."
    )
    min_worth: float = Field(
        default=0.35, ge=0, le=1, description="Check-worthiness below which a sentence is no claim."
    )
    max_claims: int = Field(default=40, ge=1, description="Most claims kept of one record, by worth.")
    extractor: Literal["keyless", "examples"] = Field(
        default="keyless",
        description='Rules ("keyless"), or rules with likeness to examples (dense embedder); models: [models] extract.',
    )
    stances: bool = Field(
        default=False, description="Whether claims are told favourable or critical: too often wrong to be on unasked."
    )
    registers: bool = Field(
        default=False, description="Whether claims are told one of ten registers: too often wrong to be on unasked."
    )


Kind = Literal[
    "novelty", "velocity", "volume_anomaly", "divergence", "sentiment_shift", "register_shift", "entity_surge",
    "phrase_trending", "corroboration", "contradiction", "cross_beat", "split", "merge",
]  # fmt: skip


class SignalSettings(Section):
    """[signals]: thresholds, published on the methodology page."""

    quiet_nights: int = Field(default=30, ge=1, description="In so many quiet nights at most one signal is false.")
    off: tuple[Kind, ...] = Field(
        default=("divergence", "sentiment_shift", "register_shift"),
        description="Kinds that are not measured; these three rest on readings that are too often wrong.",
    )
    min_history_days: int = Field(default=7, ge=1, description="Days of reading without which counts are held.")

    velocity_ratio: float = Field(default=1.5, gt=1, description="Least times the usual count that makes a signal.")
    velocity_origins: int = Field(default=3, ge=2, description="Fewest voices in the window that make one.")
    novelty_share: float = Field(
        default=0.85,
        gt=0,
        le=1,
        description="Most of a storyline's earlier findings that came from as far as a novel one.",
    )
    corroboration_origins: int = Field(default=3, ge=2, description="Independent voices that corroborate a finding.")
    mix_voices: int = Field(
        default=8, ge=3, description="Fewest votes on each side of a comparison of stance or register."
    )
    mix_effect: float = Field(
        default=0.3, gt=0, le=2, description="Least difference of mean votes that makes a signal."
    )
    window_hours: int = Field(default=24, ge=1, description="Length of the window that is measured.")
    baseline_days: int = Field(default=28, ge=7, description="Days before the window that make the baseline.")


DATABASE = "citewire.db"  # of a desk, in its output folder, unless it says otherwise

# What no published byte depends on.
_UNSEEN = set("root output store engine sources served limits recheck notify backup retention telemetry".split())


class Settings(Section):
    """The whole configuration. `root` is the folder of the file; relative paths hang from it."""

    root: Path = Field(default=Path("."), exclude=True)
    output: str = Field(default="output", description="Folder of the site, the database and the run reports.")
    store: str = Field(
        default=DATABASE,
        description="Where everything is kept: a file, relative to the output folder, or an address such as "
        "postgresql://user@host/database (extra `postgres`; passwords in PGPASSWORD or ~/.pgpass).",
    )
    site: SiteSettings = SiteSettings()
    beats: tuple[BeatSettings, ...] = Field(default=(), alias="beat")
    sources: tuple[SourceSettings, ...] = Field(default=(), alias="source")
    topics: tuple[TopicSettings, ...] = Field(default=(), alias="topic")
    interests: tuple[InterestSettings, ...] = Field(default=(), alias="interest")
    ingest: IngestSettings = IngestSettings()
    search: SearchSettings = SearchSettings()
    engine: EngineSettings = EngineSettings()
    analyze: AnalyzeSettings = AnalyzeSettings()
    signals: SignalSettings = SignalSettings()
    ranking: RankingSettings = RankingSettings()
    models: RolesSettings = RolesSettings()
    served: tuple[ServedSettings, ...] = Field(default=(), alias="model")
    limits: tuple[LimitSettings, ...] = Field(default=(), alias="limit")
    write: WriteSettings = WriteSettings()
    stories: StoriesSettings = StoriesSettings()
    publish: PublishSettings = PublishSettings()
    desk: DeskSettings = DeskSettings()
    recheck: RecheckSettings = RecheckSettings()
    notify: tuple[NotifySettings, ...] = ()
    backup: BackupSettings = BackupSettings()
    retention: RetentionSettings = RetentionSettings()
    telemetry: TelemetrySettings = TelemetrySettings()

    @model_validator(mode="after")
    def _names_fit(self) -> Self:
        for what, names in (
            ("beat", [b.name for b in self.beats]),
            ("source", [s.name for s in self.sources]),
            ("model", [m.name for m in self.served]),
            ("notify", [n.name for n in self.notify]),
        ):
            twice = sorted(name for name, count in Counter(names).items() if count > 1)
            if twice:
                raise ValueError(f"two [[{what}]] share the name {twice[0]!r}; names must be unique")
        known = {beat.name for beat in self.beats}
        for source in self.sources:
            if source.beat is not None and source.beat not in known:
                raise ValueError(
                    f"[[source]] {source.name!r} names the beat {source.beat!r}, which no [[beat]] has; "
                    f"known: {', '.join(sorted(known)) or 'none'}"
                )
        for interest in self.interests:
            for name in interest.beats:
                if name not in known:
                    raise ValueError(f"an [[interest]] names the beat {name!r}, which no [[beat]] has")
        return self

    @model_validator(mode="after")
    def _read_what_is_measured(self) -> Self:
        for kind, key in (("divergence", "stances"), ("sentiment_shift", "stances"), ("register_shift", "registers")):
            if kind not in self.signals.off and not getattr(self.analyze, key):
                raise ValueError(
                    f"[signals] off leaves {kind} on, which measures nothing without [analyze] {key} = true"
                )
        if self.models.extract and self.analyze.extractor != "keyless":
            raise ValueError('[models] extract and [analyze] extractor = "examples" exclude each other; leave one out')
        return self

    @property
    def output_path(self) -> Path:
        """Absolute path of the output folder."""
        return (self.root / self.output).resolve()

    @property
    def store_address(self) -> str:
        """Where the store is: the absolute path of a file, or an address as it is configured."""
        return self.store if "://" in self.store else str(self.output_path / self.store)

    @property
    def store_file(self) -> Path | None:
        """The file of the store; None where a server keeps it."""
        return None if "://" in self.store else Path(self.store_address)

    def fingerprint(self) -> str:
        """Hash of everything that can change a published byte; paths, addresses, prices and limits are left out."""
        shown: dict[str, Any] = self.model_dump(mode="json", by_alias=True, exclude=_UNSEEN)
        return digest("settings", repr(sorted(shown.items())))

    def configured_sources(self) -> tuple[Source, ...]:
        """The sources as nouns; options are what a kind has beyond the common keys. Relative paths hang from `root`."""
        common = set(SourceSettings.model_fields)
        found = []
        for entry in self.sources:
            address = entry.address
            if "://" not in address and entry.kind == "files":
                address = str((self.root / address).resolve())
            extra = entry.model_extra or {}
            options = {key: extra[key] for key in sorted(extra)} | ({"sample": True} if entry.sample else {})
            assert not common & set(extra)
            found.append(
                Source(
                    name=entry.name,
                    kind=entry.kind,
                    address=address,
                    beat=entry.beat,
                    options=options,
                    owner=entry.owner,
                    country=entry.country,
                    lang=entry.lang,
                    note=entry.note,
                )
            )
        return tuple(found)


def secret(name: str) -> str | None:
    """The environment variable `name`, else the text of the file that `name`_FILE names; None where neither is set.

    Raises ConfigurationError for a file that others may read, or that cannot be read.
    """
    if value := os.environ.get(name):
        return value
    place = os.environ.get(f"{name}_FILE")
    if not place:
        return None
    try:
        path = Path(place)
        if path.stat().st_mode & 0o077:
            raise ConfigurationError(
                f"{place} holds a secret and may be read by others", key=f"{name}_FILE", fix=f"chmod 600 {place}"
            )
        return path.read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{place} cannot be read ({error})", key=f"{name}_FILE") from None


def load(path: Path) -> Settings:
    """Read a configuration file. Raises ConfigurationError with file, line, key and what to write instead."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigurationError(
            "no such file; nothing was run", file=str(path), fix="citewire init my-desk   (makes a working desk)"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"cannot be read ({error}); nothing was run", file=str(path)) from None
    return parse(text, root=path.resolve().parent, file=str(path))


def parse(text: str, *, root: Path, file: str = "citewire.toml") -> Settings:
    """Settings from the text of a configuration file; `file` is what messages call it. Raises ConfigurationError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise ConfigurationError(
            f"not TOML: {error}", file=file, line=int(line.group(1)) if line else None, fix="key = value"
        ) from None
    try:
        return Settings.model_validate({**data, "root": root})
    except ValidationError as error:
        raise _explain(error, text, file) from None


def _explain(error: ValidationError, text: str, file: str) -> ConfigurationError:
    """The first problem in the file's own words and place."""
    first = error.errors(include_url=False)[0]
    loc = first["loc"]
    key = ".".join(str(part) for part in loc if not isinstance(part, int))
    message = first["msg"].removeprefix("Value error, ")
    fix = ""
    if first["type"] == "extra_forbidden":
        name = str(loc[-1])
        close = difflib.get_close_matches(name, _known_keys(loc[:-1]), n=1)
        message = f"unknown key {name!r}" + (f"; did you mean {close[0]!r}?" if close else "")
        fix = close[0] + " = ..." if close else f"one of: {', '.join(sorted(_known_keys(loc[:-1])))}"
    elif first["type"] == "missing":
        message, fix = "this key is missing", f'{loc[-1]} = "..."'
    elif loc and "input" in first:
        got = "" if str(loc[-1]).endswith("_env") else f" (got {first['input']!r:.60})"  # may be the secret itself
        message, fix = f"{message[0].lower()}{message[1:]}{got}", f"{loc[-1]} = <{_section_doc(loc)}>"
    return ConfigurationError(message, file=file, line=line_of(text, loc), key=key or None, fix=fix)


def _section_model(loc: tuple[int | str, ...]) -> type[BaseModel]:
    """The model that the table at `loc` is validated with."""
    model: type[BaseModel] = Settings
    for part in loc:
        if isinstance(part, int):
            continue
        for name, field in model.model_fields.items():
            if part in (name, field.alias):
                inner = _tables().get(field.alias or name)
                model = inner or model
    return model


def _tables() -> dict[str, type[Section]]:
    """Table name in the file -> its section class; what documentation and messages walk over."""
    found: dict[str, type[Section]] = {}
    for name, field in Settings.model_fields.items():
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, Section):
                found[field.alias or name] = kind
    return found


def documented() -> tuple[tuple[str, str, str, str], ...]:
    """(table, key, default, description) of every setting, in file order; README's table is checked against it."""
    rows = []
    models: dict[str, type[Section]] = {"": Settings, **_tables()}
    for table, model in models.items():
        for name, field in model.model_fields.items():
            if table or field.description:  # what has none at the top is a table, or not in the file
                default = "required" if field.is_required() else repr(field.default)
                rows.append((table, name, default, str(field.description)))
    return tuple(rows)


def _known_keys(loc: tuple[int | str, ...]) -> list[str]:
    return [field.alias or name for name, field in _section_model(loc).model_fields.items() if name != "root"]


def _section_doc(loc: tuple[int | str, ...]) -> str:
    field = _section_model(loc[:-1]).model_fields.get(str(loc[-1]))
    return str(field.description).rstrip(".") if field and field.description else "a valid value"
