"""The one place where parts are chosen and joined: settings in, a desk with its store, network and models out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from pipeline import embedders, engines, llms, renderers, sources
from pipeline.analyze import analyze
from pipeline.bundles.verify import problems
from pipeline.claiming.extractors import ExampleExtractor, Extractor, ModelExtractor
from pipeline.claiming.likeness import Likeness, dense
from pipeline.collecting import unhurried
from pipeline.domain import Source, StageReport
from pipeline.edition import Renderer, TopicAnswer
from pipeline.embedders.spread import SpreadEmbedder
from pipeline.errors import ConfigurationError
from pipeline.fetch import HttpFetcher, user_agent
from pipeline.ingest import helped, ingest
from pipeline.operating import backup, retention
from pipeline.preferences import TopicSettings
from pipeline.protocols import Checkpoint, Embedder, Engine, Fetcher, Polite, SourceAdapter, Store, no_checkpoint
from pipeline.protocols.sharing import Turns, Workers
from pipeline.publish import publish
from pipeline.recheck import recheck
from pipeline.settings import Settings
from pipeline.signals import detect
from pipeline.sourcing.quarantine import WaryEngine
from pipeline.sourcing.searching import NOBODY, Search, search, searchable, unasked
from pipeline.stores import open_store
from pipeline.topic import Answered, answer, with_found
from pipeline.vault import PRIVATE, Vault
from pipeline.write import write

SEARCH_LIMIT = 40  # records that one source may give to one search
PARSER_MEMORY = 1 << 30
PARSER_SECONDS = 20
_FEEDS, _PAGES = ("feedparser", "pipeline.sources.feed"), ("trafilatura", "pipeline.extract")  # what parsers start with

Stage = Callable[[datetime], StageReport]


@dataclass(frozen=True, slots=True)
class App:
    """A desk, ready to run. Embedder, model and renderers have been looked up: a typo there stops it before it starts.

    A kind of source that nobody knows costs that source and no other: the ingest report names it.
    """

    settings: Settings
    store: Store
    fetcher: Fetcher
    parsers: Engine  # killable processes, for what strangers wrote
    readers: Engine  # for our own pure work: this process, unless the configuration says more
    embedder: Embedder
    cast: llms.Cast
    renderers: tuple[Renderer, ...]
    adapters: Callable[[str], SourceAdapter]
    checkpoint: Checkpoint = no_checkpoint
    workers: Workers | None = None  # that read the same desk meanwhile
    closing: tuple[Callable[[], None], ...] = field(default=(), repr=False)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The configured sources."""
        return self.settings.configured_sources()

    def ingest(self, now: datetime) -> StageReport:
        """Read the sources, then search them for the night's topics."""
        report = ingest(
            self.store,
            self.sources,
            adapters=self.adapters,
            fetcher=self.fetcher,
            engine=self.parsers,
            settings=self.settings.ingest,
            site=self.settings.site.url,
            now=now,
            checkpoint=self.checkpoint,
            workers=self.workers,
        )
        if helped(report):
            return report
        failed = {failure.subject for failure in report.failures}
        answering = [source for source in self.sources if source.name not in failed]
        found: dict[str, Search] = {}
        for asked in self.settings.topics:
            found[asked.query] = searched = self._search(asked, now, answering)
            hung = {place.name for place in searched.places if place.hung}
            answering = [source for source in answering if source.name not in hung]
        return with_found(report, {query: searched.report for query, searched in found.items()})

    def analyze(self, now: datetime) -> StageReport:
        """Claims, origins, storylines and findings of what is pending."""
        run = partial(
            analyze,
            self.store,
            self.settings.analyze,
            beats=self.settings.beats,
            embedder=self.embedder,
            engine=self.readers,
            now=now,
            checkpoint=self.checkpoint,
            site=self.settings.site.name,
            other=self._extractor(now),
        )
        return self.cast.counted(run)

    def _extractor(self, now: datetime) -> Extractor | None:
        """What reads records after the rules, where the configuration asks for it. Raises ConfigurationError."""
        chosen = self.settings.analyze
        if llm := self.cast.role("extract", self.store, now):
            most = self.settings.models.max_tokens
            return ModelExtractor(llm, max_claims=chosen.max_claims, max_tokens=most)
        if chosen.extractor == "examples":
            likeness = Likeness.of(self.embedder)
            if likeness is None:
                raise _sparse(self.embedder)
            name, least = self.embedder.name, chosen.min_worth
            return ExampleExtractor(likeness, name, min_worth=least, max_claims=chosen.max_claims)
        return None

    def signal(self, now: datetime) -> StageReport:
        """What moved."""
        return detect(self.store, self.settings.signals, embedder=self.embedder, now=now, checkpoint=self.checkpoint)

    def write(self, now: datetime) -> StageReport:
        """Tonight's stories, through the gate."""
        llm, judge = (self.cast.role(role, self.store, now) for role in ("write", "judge"))
        run = partial(write, self.store, self.settings, llm=llm, judge=judge, now=now, checkpoint=self.checkpoint)
        return self.cast.counted(run)

    def publish(self, now: datetime) -> StageReport:
        """The site, built from the store alone: a topic's answer too comes from what is stored."""
        answers = tuple(self._answer(asked, NOBODY, now) for asked in self.settings.topics)
        report = publish(
            self.store,
            self.settings,
            self.renderers,
            now=now,
            verify=problems,
            topics=tuple(answered.answer for answered in answers),
            checkpoint=self.checkpoint,
        )
        for answered in answers:
            self.store.save_topic(answered.answer.query, answered.record_ids, now)
        return report

    def recheck(self, now: datetime, story: str | None = None, most: int | None = None) -> StageReport:
        """Read the pages that stories cite again (of one story, where `story` names one) and enter what changed.

        At most `most` of them, [recheck] pages unless told.
        """
        ask = partial(recheck, self.store, self.settings, fetcher=self.fetcher, engine=self.parsers)
        report = ask(now=now, story=story, most=most)
        if isinstance(self.fetcher, Polite) and (changed := self.fetcher.changed()):
            self.store.save_hosts(changed)
        return report

    def retain(self, now: datetime) -> StageReport:
        """Forget what is past its time."""
        return retention.retain(self.store, self.settings, now, checkpoint=self.checkpoint)

    def backup(self, now: datetime) -> StageReport:
        """The night's verified backup."""
        return backup.nightly(self.settings, now, checkpoint=self.checkpoint)

    def stage(self, name: str) -> Stage:
        """The stage called `name`."""
        stages: dict[str, Stage] = {
            "ingest": self.ingest,
            "analyze": self.analyze,
            "signal": self.signal,
            "recheck": partial(self.recheck, most=self.settings.recheck.nightly),
            "write": self.write,
            "publish": self.publish,
            "retain": self.retain,
            "backup": self.backup,
        }
        return partial(unhurried, stages[name])

    def topic(self, asked: TopicSettings, now: datetime, *, corpus_only: bool) -> TopicAnswer:
        """A cited answer to one query; unless `corpus_only`, the sources that can search are asked first."""
        searched = NOBODY
        if not corpus_only:
            searched = self._search(asked, now, self.sources)
            if searched.report.made:
                self.analyze(now)
        answered = self._answer(asked, searched, now)
        self.store.save_topic(asked.query, answered.record_ids, now)
        return answered.answer

    def close(self) -> None:
        """Release the store, the network and the worker processes."""
        for close in self.closing:
            close()

    def _search(self, asked: TopicSettings, now: datetime, sources: Sequence[Source]) -> Search:
        """Put `asked` to those of `sources` that can search, and to the kinds that [search] names."""
        able, unable = searchable(sources, self.settings.search.kinds, self.adapters)
        found = search(
            self.store,
            able,
            asked.query,
            days=asked.days,
            limit=SEARCH_LIMIT,
            deadline=self.settings.search.deadline,
            adapters=self.adapters,
            fetcher=self.fetcher,
            engine=self.parsers,
            settings=self.settings.ingest,
            site=self.settings.site.url,
            now=now,
        )
        if isinstance(self.fetcher, Polite) and (changed := self.fetcher.changed()):
            self.store.save_hosts(changed)
        return unasked(found, unable)

    def _answer(self, asked: TopicSettings, searched: Search, now: datetime) -> Answered:
        return answer(self.store, self.settings, asked, embedder=self.embedder, searched=searched, now=now)


def make_app(
    settings: Settings,
    *,
    fetcher: Fetcher | None = None,
    checkpoint: Checkpoint = no_checkpoint,
    workers: Workers | None = None,
) -> App:
    """Join the parts that `settings` names. Raises ConfigurationError, MissingExtra and StoreError, before any work.

    A `fetcher` that is passed in stays open at the end; its maker closes it. `workers` read the same desk meanwhile.
    """
    cast = llms.Cast(settings.models, settings.served, settings.limits)
    embedder, rendering = embedders.build(settings.analyze.embedder), renderers.load()
    if settings.analyze.extractor == "examples" and not dense(embedder):
        raise _sparse(embedder)
    own = None if fetcher else _fetcher(settings, turns=workers)
    net = fetcher or own
    assert net is not None
    parsers, readers = WaryEngine(_parsers(settings)), _engine(settings, settings.engine.workers)
    embedding = _engine(settings, settings.engine.workers, resource=settings.engine.resource)
    tools = _tools(settings, net, parsers)
    settings.output_path.mkdir(parents=True, exist_ok=True)
    store = open_store(settings.store_address, checkpoint=checkpoint)
    if isinstance(net, Polite):
        net.recall(store.hosts())
    return App(
        settings=settings,
        store=store,
        fetcher=net,
        parsers=parsers,
        readers=readers,
        embedder=_spread(embedder, settings, embedding),
        cast=cast,
        renderers=rendering,
        adapters=partial(sources.load, tools=tools),
        checkpoint=checkpoint,
        workers=workers,
        closing=(store.close, parsers.close, readers.close, embedding.close, *((own.close,) if own else ())),
    )


def _sparse(embedder: Embedder) -> ConfigurationError:
    return ConfigurationError(
        f"{embedder.name} gives no dense vectors to find like examples by",
        key="analyze.extractor",
        fix='embedder = "auto" with the extra `semantic`, or extractor = "keyless"',
    )


@contextmanager
def make_tools(settings: Settings, *, also: Sequence[str] = ()) -> Iterator[sources.Tools]:
    """What adapters need to look at sources, without store, models and site; `also` are addresses of no source yet."""
    with closing(_fetcher(settings, also)) as net, closing(_parsers(settings)) as parsers:
        yield _tools(settings, net, parsers)


def _tools(settings: Settings, net: Fetcher, parsers: Engine) -> sources.Tools:
    vault = Vault(settings.output_path / PRIVATE)
    return sources.Tools(net, parsers, settings.ingest, settings.root, vault=vault)


def _parsers(settings: Settings) -> Engine:
    modules = _FEEDS + (_PAGES if settings.ingest.full_text else ())
    limits: dict[str, Any] = {"memory": PARSER_MEMORY, "cpu": PARSER_SECONDS, "preload": modules}
    return _engine(settings, settings.ingest.workers, **limits)


def _engine(settings: Settings, workers: int, *, resource: str = "", **limits: Any) -> Engine:
    """The configured engine; on a cluster only workers that have `resource` do its work."""
    chosen = settings.engine
    if chosen.kind == "local":
        return engines.load("local", workers=workers, **limits)
    return engines.load(
        chosen.kind, workers=chosen.workers or workers, address=chosen.address, resource=resource, **limits
    )


def _spread(embedder: Embedder, settings: Settings, engine: Engine) -> Embedder:
    """`embedder` on the workers that the configuration names, where it names any."""
    chosen = settings.engine
    if chosen.kind == "local" and not chosen.workers:
        return embedder
    return SpreadEmbedder(embedder, settings.analyze.embedder, engine)


def _fetcher(settings: Settings, also: Sequence[str] = (), turns: Turns | None = None) -> HttpFetcher:
    """The network of this desk; ports other than 80 and 443 are dialled only where a source's address names them."""
    places = (*(source.address for source in settings.sources), *also)
    named = {port for place in places if (port := _port(place))}
    return HttpFetcher(settings.ingest, user_agent(settings.site.contact), ports=sorted(named), turns=turns)


def _port(address: str) -> int | None:
    try:
        return urlsplit(address).port
    except ValueError:  # no port that could be dialled; the source will say so when it is read
        return None
