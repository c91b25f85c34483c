"""What a desk's owner decides: its name and word about itself, interests, whom to ask, what a night and a site hold."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Section(BaseModel):
    """Base of every section of the configuration: frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TopicSettings(Section):
    """[[topic]]: a question the desk answers every night."""

    query: str = Field(min_length=2, description="What to look for, in plain words.")
    days: int = Field(default=30, ge=1, le=3650, description="How many days back.")


class InterestSettings(Section):
    """[[interest]]: what you care about beyond the beats, or less than others do."""

    words: tuple[str, ...] = Field(
        default=(), description="Words and phrases, matched on word boundaries in headlines and texts."
    )
    names: tuple[str, ...] = Field(default=(), description="People, firms and places, as claims name them.")
    beats: tuple[str, ...] = Field(default=(), description="Names of beats.")
    weight: float = Field(
        default=1.0, ge=-3, le=3, description="Given for the share of a storyline's records that match; negative: off."
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.words or self.names or self.beats):
            raise ValueError("an interest needs words, names or beats")
        return self


class SiteSettings(Section):
    """[site]: what the published site calls itself."""

    name: str = Field(default="Citewire", min_length=1, max_length=60, description="Name shown on every page.")
    description: str = Field(default="A news desk that cites every sentence.", description="One line under the name.")
    url: str = Field(default="", description="Public address, used in the Atom feed; empty for a local site.")
    contact: str = Field(default="", description="Address for corrections, and the contact in the User-Agent.")
    lang: str = Field(default="en", description="Language of the site's own words.")
    about: str = Field(default="", description="A paragraph about the desk, shown on its page; an empty line ends one.")
    publisher: str = Field(default="", description="Who runs the desk and answers for it, shown on its page.")
    licence: str = Field(
        default="", description="Terms on which others may use the desk's own words; empty: no licence is given."
    )


class SearchSettings(Section):
    """[search]: whom `citewire topic` asks besides the configured sources that can search."""

    kinds: tuple[str, ...] = Field(
        default=(), description='Kinds asked as they are, without a [[source]]: "googlenews", "gdelt", "arxiv", ...'
    )
    deadline: float = Field(
        default=60.0, gt=0, le=3600, description="Seconds for all answers together; who is later is named as hung."
    )


class PublishSettings(Section):
    """[publish]: what the site keeps."""

    keep: int = Field(default=7, ge=1, description="Old releases kept for rollback.")
    shrink_limit: float = Field(
        default=0.5, ge=0, le=1, description="Hold the site when it falls below this share of its pages."
    )
    entity_stories: int = Field(
        default=2, ge=1, description="Stories that must name a firm, place or public person before it gets a page."
    )
    entity_origins: int = Field(default=3, ge=1, description="Origins that must have named it in them.")


class RecheckSettings(Section):
    """[recheck]: which cited pages `citewire recheck`, and every night, reads again, and how many."""

    days: int = Field(default=90, ge=1, description="How old a story's latest version may be for its pages to be read.")
    hours: float = Field(default=20.0, ge=0, description="Hours between two visits to one page.")
    pages: int = Field(default=100, ge=1, description="Most pages read in one go, the longest unvisited first.")
    deadline: float = Field(default=600.0, gt=0, description="Seconds for all of them together.")
    nightly: int = Field(
        default=0, ge=0, description="Most pages that every `citewire run` reads again before it writes; 0: none."
    )


class RankingSettings(Section):
    """[ranking]: which storylines get a night's places, and when nothing more is said of one."""

    beat_stories: int = Field(
        default=12,
        ge=1,
        description="Most stories of one beat in a night; no limit for a desk of one beat, nor for stories of none.",
    )
    storyline_stories: int = Field(
        default=2, ge=1, description="Most stories in a night of one storyline and those that split from it."
    )
    saturation_days: int = Field(
        default=14, ge=0, description="Days within which a story is not told again by another storyline; 0: any night."
    )
    close_days: int = Field(
        default=30, ge=1, description="Days without news after which a storyline's story gets its last version."
    )


class DeskSettings(Section):
    """[desk]: what the people of the desk have decided."""

    takedown: str = Field(
        default="", description="File of names, addresses and domains that are never printed (docs/people.md)."
    )


class WriteSettings(Section):
    """[write]: which storylines become stories, and how long these are."""

    max_stories: int = Field(default=25, ge=1, description="Most stories written in one night.")
    min_origins: int = Field(default=2, ge=1, description="Fewest origins a storyline needs for a story.")
    version_hours: float = Field(
        default=12.0, ge=0, description="Least hours between two versions of a story; 12 lets every night have its own."
    )
    min_sentences: int = Field(default=4, ge=1, description="Fewest cited sentences a story needs.")
    max_sentences: int = Field(default=24, ge=4, description="Most sentences in the body.")


class StoriesSettings(Section):
    """[stories]: which kinds of stories are written beside those of one storyline, and how often."""

    dispatches: int = Field(
        default=5, ge=0, description="Most dispatches (one signal, 80 words) of a night; 0 writes none."
    )
    beat_days: int = Field(
        default=7, ge=0, description="Days of which a beat's story tells what no other told, and between two; 0: none."
    )
    entity_days: int = Field(default=7, ge=0, description="The same for the story of a firm or a public person.")
    entity_stories: int = Field(default=2, ge=0, description="Most stories of firms and persons in one night.")
    members: int = Field(default=3, ge=2, le=8, description="Fewest storylines that such a story tells.")
    briefing: bool = Field(default=True, description="Whether each night's stories are told in brief as one, too.")


class EngineSettings(Section):
    """[engine]: where pages are parsed and texts are read; what is published does not depend on it."""

    kind: str = Field(default="local", description="local (this machine), dask (a cluster, extra `dask`), or another.")
    workers: int = Field(
        default=0,
        ge=0,
        le=1024,
        description="Processes that read texts; 0: the night's own process. A cluster has its own number.",
    )
    address: str = Field(
        default="", description='Scheduler of a Dask cluster: "tcp://10.0.0.5:8786"; "": one made here.'
    )
    resource: str = Field(
        default="",
        description='Resource that the cluster\'s workers who embed texts must have, such as "GPU"; "": any.',
    )


class NotifySettings(Section):
    """[[notify]]: somebody who is told of a night, once; the address is a secret and stands in the environment."""

    name: str = Field(min_length=1, max_length=60, description="Who that is; unique, shown in reports.")
    address_env: str = Field(
        pattern="^[A-Z_][A-Z0-9_]*$",
        description="Environment variable with the address (apprise form); with _FILE added, of a 0600 file.",
    )
    nightly: bool = Field(default=True, description="Whether `citewire run` tells at its end; else `citewire notify`.")
