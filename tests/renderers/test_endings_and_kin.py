"""What pages say of stories that are over, have no news, or have split and merged; and what may lead a night."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from site_factory import CHIP, GRID, NIGHT, WOOD, edition, settings, stories

from pipeline.domain import Ending, Ranked, Story
from pipeline.edition import Edition, leads, made
from pipeline.newsroom.ranking import TERMS
from pipeline.renderers import html_pages, markdown
from pipeline.renderers.places import Places
from pipeline.renderers.site_view import edition_page
from pipeline.renderers.story_view import kin_of, story_page


def page(site: Edition, path: str) -> str:
    return made(html_pages.render(site))[path].decode()


def tonight() -> list[Story]:
    return [story for story in stories() if story.written.date() == NIGHT.date()]


def with_stories(changed: Sequence[Story]) -> Edition:
    """The edition with some of its stories replaced."""
    new = {story.id: story for story in changed}
    return edition(stories=tuple(new.get(story.id, story) for story in stories()))


def test_what_is_older_than_the_window_or_closes_a_story_does_not_lead() -> None:
    first, *rest = tonight()
    assert rest, "the made edition has several stories tonight"
    for weak in (
        dataclasses.replace(first, rank={"origins": 5.0, "old": -5.0, "total": 90.0}),
        dataclasses.replace(first, rank={"total": 90.0}, ending=Ending("idle", NIGHT - timedelta(days=31))),
    ):
        site = with_stories([weak])
        view = edition_page(NIGHT.date(), site, Places.of(site))
        assert not leads(weak)
        assert view.lead is not None
        assert view.lead.headline != weak.headline.text
        shown = [c.headline for c in view.seconds] + [c.headline for group in view.groups for c in group.cards]
        assert weak.headline.text in shown


def test_a_night_of_old_stories_has_no_lead_and_says_why() -> None:
    site = with_stories([dataclasses.replace(story, rank={"old": -5.0, "total": 1.0}) for story in tonight()])
    assert edition_page(NIGHT.date(), site, Places.of(site)).lead is None
    front = page(site, "index.html")
    assert "No story leads" in front
    assert "No story has been written yet" not in front
    assert all(story.headline.text in front for story in tonight()[:1])
    assert tonight()[0].short_title in made(markdown.render(site))["briefing.md"].decode()


def test_a_storyline_without_news_says_since_which_version() -> None:
    ranked = Ranked(NIGHT, GRID, 4.0, {}, "unchanged", "no material news since version 2")
    path = f"storylines/{GRID}/index.html"
    assert "no material news since version 2." in page(edition(rankings={GRID: ranked}), path)
    told = dataclasses.replace(ranked, outcome="told", why="")
    assert "Last looked at" not in page(edition(rankings={GRID: told}), path)


def test_a_split_storyline_and_its_origin_link_to_each_other() -> None:
    site = edition()
    lines = {**site.storylines, CHIP: dataclasses.replace(site.storylines[CHIP], parent=GRID)}
    site = dataclasses.replace(site, storylines=lines)
    places = Places.of(site)
    (child,), (parent,) = kin_of(CHIP, site, places), kin_of(GRID, site, places)
    assert (child.says, parent.says) == ("Split from", "Split off")
    assert child.href == places.story(places.by_storyline[GRID][0])
    assert parent.href == places.story(places.by_storyline[CHIP][0])
    for line, kin in ((CHIP, child), (GRID, parent)):
        story = places.by_storyline[line][0]
        assert f'{kin.says} <a href="../../{kin.href}"' in page(site, places.story(story))


@pytest.mark.parametrize(("line", "says"), [(WOOD, "Goes on in"), (GRID, "Took in")])
def test_a_merged_storyline_and_the_one_it_went_into_link_to_each_other(line: str, says: str) -> None:
    site = edition()
    lines = {**site.storylines, WOOD: dataclasses.replace(site.storylines[WOOD], merged_into=GRID)}
    site = dataclasses.replace(site, storylines=lines)
    places = Places.of(site)
    assert [kin.says for kin in story_page(places.by_storyline[line][0], site, places).kin] == [says]


def test_a_storyline_without_kin_or_whose_kin_has_no_story_links_nowhere() -> None:
    site = edition()
    lines = {**site.storylines, CHIP: dataclasses.replace(site.storylines[CHIP], parent="s" + "9" * 16)}
    site = dataclasses.replace(site, storylines=lines)
    assert kin_of(CHIP, site, Places.of(site)) == kin_of("s-gone", site, Places.of(site)) == ()


def test_the_methodology_prints_every_term_with_its_bounds_and_the_live_limits() -> None:
    live = settings(
        ranking={"beat_stories": 7}, interest=[{"words": ["tide <power>"], "weight": 2.5}], write={"version_hours": 36}
    )
    shown = page(edition(settings=live), "methodology/index.html")
    for term in TERMS:
        assert f'<th scope="row">{term.name}</th>' in shown
    assert '<code>beat_stories</code></th><td class="num">7</td>' in shown
    assert '<code>version_hours</code></th><td class="num">36</td>' in shown
    assert "interest tide &lt;power&gt;: 2.5" in shown


def test_the_ranking_as_the_methodology_prints_it(golden: Callable[[str, str], None]) -> None:
    shown = page(edition(), "methodology/index.html")
    section = shown[shown.index('<section id="ranking">') :]
    golden("site/methodology-ranking.html", section[: section.index("</section>")])
