"""Language models by name, "provider:model", from a lazy table; `pipeline.llms.cast` gives roles their models.

Other packages add providers as entry points of the group `citewire.llm`: a function of the model's name and its
ServedSettings that returns an LLM.
"""

from __future__ import annotations

from pipeline.llms.cast import Cast
from pipeline.llms.providers import PROVIDERS

__all__ = ["PROVIDERS", "Cast"]
