"""A cross-encoder as the judge: a tiny one, made here with random weights, through the real library."""

from __future__ import annotations

import json

import pytest

from pipeline.errors import ConfigurationError, ModelError
from pipeline.llms.providers import build
from pipeline.newsroom.opinions import second
from pipeline.protocols import yes_no

LABELS = {0: "contradiction", 1: "entailment", 2: "neutral"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("sentence_transformers")
    path = tmp_path_factory.mktemp("nli") / "tiny"
    path.mkdir()
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"the firm recalled jars in june".split()]
    (path / "vocab.txt").write_text("\n".join(words))
    torch.manual_seed(0)
    shape = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
    config = transformers.BertConfig(
        vocab_size=len(words), id2label=LABELS, label2id={name: at for at, name in LABELS.items()}, **shape
    )
    transformers.BertForSequenceClassification(config).save_pretrained(path)
    transformers.BertTokenizerFast(vocab_file=str(path / "vocab.txt")).save_pretrained(path)
    return path


@pytest.mark.semantic
def test_the_judge_reads_entailment_off_the_model(folder):
    llm = build(f"nli:{folder}", ())
    assert llm.name.startswith("nli:tiny@")
    asked = {"a": ("The firm recalled jars.", ("The firm recalled jars in June.",)), "b": ("Jars.", ("June.",))}
    found, again = second(llm, asked), second(llm, asked)
    assert found == again
    (answer,) = found.answers
    assert answer.model == llm.name
    for verdict in found.refused.values():
        assert 0.0 <= verdict.score < 0.5
    state = json.dumps({"name": "s1", "sentence": "The firm recalled jars.", "evidence": ["The firm."]})
    with pytest.raises(ModelError, match="answers only"):
        llm.decide(state, {"s1": yes_no("Is it so?")})
    with pytest.raises(ModelError, match="writes no text"):
        llm.generate("write", system="", schema={}, max_tokens=5)


def test_a_folder_that_holds_no_model_is_refused(tmp_path):
    pytest.importorskip("sentence_transformers")
    with pytest.raises(ConfigurationError, match=r"config\.json"):
        build(f"nli:{tmp_path}", ())
