"""Which file a request is answered with, and that no request reaches anything but the site."""

import os

import pytest

from pipeline.preview.files import Release, kind_of
from pipeline.preview.reloading import ADDRESS, allowing, reloading
from pipeline.preview.watching import Watched


@pytest.fixture
def desk(tmp_path):
    """An output folder as a desk leaves it: two releases, a link to the second, a database and a key beside them."""
    for name in ("2026-11-19-aaaaaaaa", "2026-11-20-bbbbbbbb"):
        root = tmp_path / "releases" / name
        (root / "stories" / "one").mkdir(parents=True)
        (root / "assets").mkdir()
        (root / "index.html").write_text(f"<body>{name}</body>")
        (root / "stories" / "one" / "index.html").write_text("one")
        (root / "assets" / "site.css").write_text("body{}")
        (root / "manifest.json").write_text("{}")
    (tmp_path / "citewire.db").write_text("secret")
    (tmp_path / "site").symlink_to("releases/2026-11-20-bbbbbbbb", target_is_directory=True)
    return tmp_path


@pytest.fixture
def release(desk):
    """The release that is served."""
    return Release.served(desk / "site")


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html?day=1#top", "text/html; charset=utf-8"),
        ("/stories/one/", "text/html; charset=utf-8"),
        ("/stories/%6fne/index.html", "text/html; charset=utf-8"),
        ("/assets/site.css", "text/css; charset=utf-8"),
        ("/manifest.json", "application/json"),
    ],
)
def test_files_of_the_site_are_found(release, target, kind):
    found = release.find(target)
    assert (found.status, found.kind) == (200, kind)


def test_a_folder_leads_to_its_page_and_nowhere_else(release):
    assert release.find("/stories/one?x=1").location == "/stories/one/"
    assert release.find("/stories/").status == release.find("/assets").status == 404
    assert release.find("/index.html/").status == 404


@pytest.mark.parametrize(
    "target",
    [
        "/../citewire.db",
        "/..%2fcitewire.db",
        "/%2e%2e/citewire.db",
        "/%2e%2e%2fcitewire.db",
        "/stories/../../../citewire.db",
        "/..\\citewire.db",
        "/stories/%5c..%5c..%5c..%5cciteware.db",
        "//etc/passwd",
        "//stories/one",
        "/stories//one/",
        "/%00index.html",
        "/index.html%00.png",
        "/./index.html",
        "/.git/config",
        "/%c0%ae%c0%ae/citewire.db",
        "/%ff",
        "http://evil.example/",
        "*",
        "",
        "/" + "a/" * 3000,
        "/" + "a" * 300,
        "/nothing",
    ],
)
def test_nothing_else_is(release, target):
    assert release.find(target).status == 404


def test_links_inside_a_release_are_not_followed(desk, release):
    root = release.root
    (root / "leak.html").symlink_to(desk / "citewire.db")
    (root / "out").symlink_to(desk, target_is_directory=True)
    (root / "twin.html").symlink_to("index.html")
    os.mkfifo(root / "pipe.html")
    for target in ("/leak.html", "/out/citewire.db", "/out/", "/twin.html", "/pipe.html"):
        assert release.find(target).status == 404, target


def test_the_page_for_what_is_missing_is_the_sites_own(release):
    assert b"nothing at this address" in release.find("/nothing").body
    (release.root / "404.html").write_text("<p>Not in this edition</p>")
    found = release.find("/nothing")
    assert (found.status, found.kind, found.body) == (404, "text/html; charset=utf-8", b"<p>Not in this edition</p>")


def test_a_release_is_read_whole_whatever_the_link_does(desk, release):
    (desk / "site").unlink()
    (desk / "site").symlink_to("releases/2026-11-19-aaaaaaaa", target_is_directory=True)
    after = Release.served(desk / "site")
    assert b"2026-11-20" in release.find("/").body
    assert b"2026-11-19" in after.find("/").body
    assert release.mark != after.mark
    (desk / "site").unlink()
    assert Release.served(desk / "site") is None


def test_content_types(tmp_path):
    assert kind_of(tmp_path / "beats" / "feed.xml").startswith("application/atom+xml")
    assert kind_of(tmp_path / "feed.json") == "application/feed+json"
    assert kind_of(tmp_path / "index.pf_meta") == "application/octet-stream"


def test_only_the_scripts_hash_joins_the_policy():
    policy = "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'"
    assert allowing(policy, {"script-src": "'sha256-x'", "connect-src": "'self'"}) == (
        "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'sha256-x'; connect-src 'self'"
    )
    page = b'<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;"/><body>text</body>'
    sent = reloading(page, "0123456789abcdef").decode()
    assert "script-src &#x27;sha256-" in sent
    assert ADDRESS in sent
    assert sent.index("text") < sent.index("<script>") < sent.index("</body>")
    assert reloading(b"no page", "0") == b"no page"


def test_edits_are_noticed_once(tmp_path):
    config, templates = tmp_path / "citewire.toml", tmp_path / "templates"
    templates.mkdir()
    config.write_text("a")
    watched = Watched([config, templates])
    assert not watched.changed()
    (templates / "site.css").write_text("x")
    assert watched.changed()
    assert not watched.changed()
    config.unlink()
    assert watched.changed()
