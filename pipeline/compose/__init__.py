"""The extractive writer: a careful wire desk that adds no word of its own to what its sources say.

`write_article(dossier, settings)` selects points (selection), words them with attribution (forms, naming, trim), lays
them out (layout), adds headline, questions and the standing sections, and lets every sentence meet the gate (settle).
"""

from pipeline.compose.article import Article, Manuscript, Unwritten, write_article

__all__ = ["Article", "Manuscript", "Unwritten", "write_article"]
