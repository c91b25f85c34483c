"""`citewire serve`: the published site on this machine, as a host would serve it; pages follow each new edition.

`files` finds what a request asks for in the release that is served at that moment; `reloading` lets a page notice the
next one; `server` speaks HTTP; `watching` notices that the configuration or a template was edited.
"""

from pipeline.preview.server import Preview
from pipeline.preview.watching import Watched

__all__ = ["Preview", "Watched"]
