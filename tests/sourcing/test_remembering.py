"""A fetcher that asks for nothing twice."""

import pytest
from desk import tools
from hostile import HostileServer, reply

from pipeline.domain import Cursor
from pipeline.errors import HttpStatus
from pipeline.sourcing.remembering import Remembering


def test_what_was_read_is_not_asked_for_again():
    with HostileServer({"/a": reply(b"", "301 Moved", Location="/b"), "/b": reply("x")}) as server:
        fetcher = Remembering(tools(server).fetcher)
        fetcher.get(server.url + "/a")
        assert fetcher.get(server.url + "/a", cursor=Cursor()).body == b"x"
        assert not fetcher.get(server.url + "/b", home=True).redirected_permanently
        assert server.paths() == ["/a", "/b"]
        fetcher.get(server.url + "/b", headers={"Authorization": "x"})
        assert server.paths() == ["/a", "/b", "/b"]


def test_failures_and_posts_are_not_remembered():
    with HostileServer({"/post": reply("x")}) as server:
        fetcher = Remembering(tools(server).fetcher)
        for _ in range(2):
            with pytest.raises(HttpStatus):
                fetcher.get(server.url + "/gone")
            assert fetcher.post(server.url + "/post", b"{}").body == b"x"
        assert server.paths() == ["/gone", "/post", "/gone", "/post"]
        assert fetcher.slowest > 0
