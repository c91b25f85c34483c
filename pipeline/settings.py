"""The settings tree: frozen, typed, documented; the only reader of configuration files and environment.

Every field's description is its documentation; README's settings table is checked against it. `load` reads
citewire.toml and turns every mistake into a ConfigurationError with file, line, key and what to write instead.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """Base of every section: frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SiteSettings(Section):
    """[site]: what the published site calls itself."""

    name: str = Field("Citewire", min_length=1, max_length=60, description="Name shown on every page.")
    description: str = Field("A news desk that cites every sentence.", description="One line under the name.")
    url: str = Field("", description="Public address, used in the Atom feed; empty for a local site.")
    contact: str = Field("", description="Address for corrections, and the contact in the User-Agent.")
    lang: str = Field("en", description="Language of the site's own words.")


class BeatSettings(Section):
    """[[beat]]: an editorial area."""

    name: str = Field(min_length=1, max_length=60, description="Shown name; unique.")
    description: str = Field("", description="What belongs here, in a sentence; compared with records by similarity.")
    keywords: tuple[str, ...] = Field((), description="Words and phrases, matched on word boundaries.")
    lang: str = Field("en", description="Language its stories are written in.")


class SourceSettings(Section):
    """[[source]]: where records come from."""

    model_config = ConfigDict(frozen=True, extra="allow")  # kinds have options of their own

    name: str = Field(min_length=1, max_length=80, description="Unique name, shown in reports.")
    kind: str = Field(description="Adapter: feed, hackernews, files, or one that a package adds.")
    address: str = Field(description="Address or path to read.")
    beat: str | None = Field(None, description="Beat that its records probably belong to: a hint only.")
    owner: str | None = Field(None, description="Who owns the source; same owner counts as one voice for copies.")
    country: str | None = Field(None, description="Country of the source, two letters.")
    lang: str | None = Field(None, description="Language of its records where the source itself does not say.")
    sample: bool = Field(False, description="Marks every record, and every page that cites one, as sample.")


class TopicSettings(Section):
    """[[topic]]: a question the desk answers every night."""

    query: str = Field(min_length=2, description="What to look for, in plain words.")
    days: int = Field(30, ge=1, le=3650, description="How many days back.")


class IngestSettings(Section):
    """[ingest]: how sources are read."""

    timeout: float = Field(30.0, gt=0, le=600, description="Seconds for one whole request, redirects included.")
    max_feed_bytes: int = Field(10_485_760, ge=1024, description="Largest decoded feed or API answer.")
    max_page_bytes: int = Field(5_242_880, ge=1024, description="Largest decoded page.")
    max_new: int = Field(200, ge=1, description="Newest items taken from one source in one night; the rest waits.")
    pace: float = Field(1.0, ge=0, description="Seconds between two requests to one host.")
    full_text: bool = Field(True, description="Fetch the page behind a feed item and extract its text.")
    allow_private: tuple[str, ...] = Field((), description='Own servers that may be dialled: "host:port".')
    parse_timeout: float = Field(30.0, gt=0, description="Seconds after which a parser process is killed.")
    workers: int = Field(2, ge=1, le=64, description="Parser processes, and hosts read at once (x 8).")


class AnalyzeSettings(Section):
    """[analyze]: how records become claims and storylines."""

    embedder: str = Field("lexical", description='"lexical", "auto", or "sentence-transformers:MODEL".')
    window_days: int = Field(14, ge=1, le=365, description="How far back tonight's records look for a storyline.")
    min_worth: float = Field(0.35, ge=0, le=1, description="Check-worthiness below which a sentence is no claim.")
    max_claims: int = Field(40, ge=1, description="Most claims kept of one record, by worth.")


class SignalSettings(Section):
    """[signals]: thresholds, published on the methodology page."""

    velocity_ratio: float = Field(2.0, gt=1, description="Origins a day over the baseline that make velocity.")
    velocity_origins: int = Field(3, ge=2, description="Least origins in the window for velocity.")
    novelty_distance: float = Field(0.65, ge=0, le=1, description="Distance from what was known that is novel.")
    corroboration_origins: int = Field(2, ge=2, description="Independent origins that corroborate a finding.")
    window_hours: int = Field(24, ge=1, description="Length of the window that is measured.")
    baseline_days: int = Field(14, ge=1, description="Days before the window that make the baseline.")


class WriteSettings(Section):
    """[write]: which storylines become stories, and how long these are."""

    model: str = Field("extractive", description='"extractive" (no key) or "provider:model", such as "openai:gpt-5".')
    base_url: str = Field("", description="Address of an OpenAI-compatible server, for models of your own.")
    api_key_env: str = Field("", description="Environment variable that holds the key; empty: the provider's usual one.")
    max_stories: int = Field(25, ge=1, description="Most stories written in one night.")
    min_origins: int = Field(2, ge=1, description="Fewest origins a storyline needs for a story.")
    min_sentences: int = Field(4, ge=1, description="Fewest cited sentences a story needs.")
    max_sentences: int = Field(24, ge=4, description="Most sentences in the body.")
    budget: float = Field(1.0, ge=0, description="Most money (USD) spent on models in one night.")
    max_tokens: int = Field(4000, ge=256, description="Longest answer asked of a model.")


class PublishSettings(Section):
    """[publish]: what the site keeps."""

    keep: int = Field(7, ge=1, description="Old releases kept for rollback.")
    shrink_limit: float = Field(0.5, ge=0, le=1, description="Hold the site when it falls below this share of its pages.")


class Settings(Section):
    """The whole configuration. `root` is the folder of the file; relative paths hang from it."""

    root: Path = Field(Path("."), exclude=True)
    output: str = Field("output", description="Folder of the site, the database and the run reports.")
    site: SiteSettings = SiteSettings()
    beats: tuple[BeatSettings, ...] = Field((), alias="beat")
    sources: tuple[SourceSettings, ...] = Field((), alias="source")
    topics: tuple[TopicSettings, ...] = Field((), alias="topic")
    ingest: IngestSettings = IngestSettings()
    analyze: AnalyzeSettings = AnalyzeSettings()
    signals: SignalSettings = SignalSettings()
    write: WriteSettings = WriteSettings()
    publish: PublishSettings = PublishSettings()

    @property
    def output_path(self) -> Path:
        """Absolute path of the output folder."""
        return (self.root / self.output).resolve()

    def fingerprint(self) -> str:
        """Hash of everything that can change a published byte; paths are left out."""
        from pipeline.domain import digest

        shown: dict[str, Any] = self.model_dump(mode="json", by_alias=True, exclude={"root", "output", "sources"})
        return digest("settings", repr(sorted(shown.items())))
