"""Model folders are data from strangers: what is refused, in what words, and that a good one gives the same rows."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pipeline.embedders import build, folders
from pipeline.errors import ConfigurationError
from pipeline.stores import open_store
from pipeline.storylines import vectors

SEMANTIC = importlib.util.find_spec("sentence_transformers")
needs_library = pytest.mark.skipif(not SEMANTIC, reason="the semantic extra is not installed")
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "grid", "flood", "turbine", "the", "a"]


def weights(**tensors: bytes) -> bytes:
    """A safetensors file of bytes."""
    header, at = {}, 0
    for name, raw in tensors.items():
        header[name] = {"dtype": "U8", "shape": [len(raw)], "data_offsets": [at, at + len(raw)]}
        at += len(raw)
    told = json.dumps(header).encode()
    return len(told).to_bytes(8, "little") + told + b"".join(tensors.values())


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder that passes as a model before a library looks at it."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text('{"model_type": "bert"}')
    (folder / "model.safetensors").write_bytes(weights(a=b"1234"))
    return folder


def config(name: str, value: object) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(value if isinstance(value, str) else json.dumps(value))


def file(name: str, raw: bytes = b"") -> Callable[[Path], object]:
    def write(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(raw)

    return write


def link(name: str, target: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).symlink_to(target)


def many(folder: Path) -> None:
    for n in range(2_001):
        (folder / f"{n}.txt").touch()


def huge(folder: Path) -> None:
    with (folder / "more.safetensors").open("wb") as opened:
        opened.truncate(9 << 30)  # sparse: takes no room


OUTSIDE = [{"idx": 0, "name": "0", "path": "", "type": "os.system"}]
HOSTILE = {
    "modeling": (file("modeling_x.py"), "can run code: modeling_x.py"),
    "pickle": (file("pytorch_model.bin"), "can run code"),
    "hidden deeper": (file("1_Dense/pytorch_model.BIN"), "can run code: 1_Dense/pytorch_model.BIN"),
    "head": (file("head.pkl"), "can run code"),
    "library": (file("native.so"), "can run code"),
    "auto_map": (config("config.json", {"auto_map": {"AutoModel": "modeling_x.Model"}}), "code of its own"),
    "auto_map of a tokenizer": (config("tokenizer_config.json", {"a": [{"auto_map": []}]}), "code of its own"),
    "module": (config("modules.json", OUTSIDE), r"code from elsewhere \(type: os.system\)"),
    "activation": (config("2_Dense_config.json", {"activation_function": "subprocess.Popen"}), "code from elsewhere"),
    "router": (config("router_config.json", {"types": {"query_0": "os.system"}}), "code from elsewhere"),
    "traversal": (
        config("modules.json", [{"path": "../other", "type": "sentence_transformers.models.Dense"}]),
        "leads out",
    ),
    "link out": (link("vocab.txt", "/etc/passwd"), "link that leads out"),
    "link to nothing": (link("vocab.txt", "missing"), "neither a file nor a folder"),
    "link round": (link("loop", "."), "link to a folder"),
    "pipe": (lambda folder: os.mkfifo(folder / "vocab.txt"), "neither a file nor a folder"),
    "damaged": (config("config.json", "{not json"), "config.json is damaged"),
    "deep": (config("config.json", "[" * 100_000), "config.json is damaged"),
    "large": (config("config.json", " " * (5 << 20)), "no configuration"),
    "cut off": (file("model.safetensors", weights(a=b"1234")[:-1]), "damaged or cut off"),
    "longer than told": (file("model.safetensors", weights(a=b"1234") + b"more"), "damaged or cut off"),
    "pickle by another name": (file("model.safetensors", b"\x80\x04\x95" + b"\0" * 40), "damaged or cut off"),
    "empty weights": (file("model.safetensors"), "damaged or cut off"),
    "header of a terabyte": (file("model.safetensors", (1 << 40).to_bytes(8, "little") + b"{}"), "damaged or cut off"),
    "no weights": (lambda folder: (folder / "model.safetensors").unlink(), "no .safetensors weights"),
    "no configuration": (lambda folder: (folder / "config.json").unlink(), "neither config.json nor modules.json"),
    "many files": (many, "more than 2000 files"),
    "huge": (huge, "GiB, the most is 8"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_and_broken_folders_are_refused_before_anything_is_loaded(bare: Path, case: str) -> None:
    folders.vet("model", bare)  # as it was it passes
    spoil, why = HOSTILE[case]
    spoil(bare)
    with pytest.raises(ConfigurationError, match=why):
        folders.vet("model", bare)


def test_links_into_the_cache_of_the_same_model_are_followed(tmp_path: Path, bare: Path) -> None:
    snapshot = tmp_path / "models--a--b" / "snapshots" / "1234"
    blob = tmp_path / "models--a--b" / "blobs" / "abcd"
    snapshot.parent.mkdir(parents=True)
    blob.parent.mkdir()
    shutil.copytree(bare, snapshot)
    (snapshot / "model.safetensors").rename(blob)
    (snapshot / "model.safetensors").symlink_to("../../blobs/abcd")
    folders.vet("a/b", snapshot)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("/nowhere/at/all", "no such folder"),
        ("./nowhere", "no such folder"),
        ("nothing", "hub name"),
        ("a/b/c", "hub name"),
        ("owner/never-downloaded", "not downloaded to this machine.*hf download owner/never-downloaded"),
        (__file__, "a file, not a folder"),
    ],
)
@needs_library
def test_a_model_that_is_not_there_is_told_with_what_to_do(name: str, why: str) -> None:
    with pytest.raises(ConfigurationError, match=why):
        build(f"sentence-transformers:{name}")


def test_two_models_of_one_name_and_size_have_different_names(tmp_path: Path, bare: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(bare, other)
    assert folders.fingerprint(bare) == folders.fingerprint(other)
    (other / "model.safetensors").write_bytes(weights(a=b"4321"))
    assert folders.fingerprint(bare) != folders.fingerprint(other)
    (bare / "README.md").write_text("changes nothing")
    assert folders.fingerprint(bare) == folders.fingerprint(bare)


# --- a model that is loaded ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of one layer with random weights."""
    torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")
    folder = tmp_path_factory.mktemp("models") / "tiny"
    torch.manual_seed(7)
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    model = transformers.BertModel(transformers.BertConfig(vocab_size=len(WORDS), **shape))
    model.save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(WORDS))
    (folder / "tokenizer_config.json").write_text('{"tokenizer_class": "BertTokenizer", "do_lower_case": true}')
    return folder


UGLY = [
    "",
    " ",
    "\U0001f600\U0001f600",
    "\ud800grid",
    "grid\0flood",
    "x" * 1_000_000,
    "grid " * 200_000,
    "網 grid شبكة",
]


@needs_library
def test_ugly_texts_have_finite_unit_or_zero_rows_whatever_their_company(tiny: Path) -> None:
    embedder = build(f"sentence-transformers:{tiny}")
    rows = embedder.embed(UGLY)
    lengths = np.linalg.norm(rows, axis=1)
    assert np.isfinite(rows).all()
    assert [round(float(length), 3) for length in lengths] == [0, 0, 0, 1, 1, 1, 1, 1]
    for text, row in zip(UGLY, rows, strict=True):
        assert np.abs(embedder.embed([text])[0] - row).max() <= 2e-5
    assert embedder.embed([]).shape == (0, 16)
    assert (build(f"sentence-transformers:{tiny}").embed(UGLY) == rows).all()


@needs_library
def test_a_model_whose_weights_are_another_models_is_refused(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "hollow"
    shutil.copytree(tiny, folder)
    (folder / "model.safetensors").write_bytes(weights(unrelated=b"1234"))
    with pytest.raises(ConfigurationError, match="cannot be loaded"):
        build(f"sentence-transformers:{folder}").embed(["grid"])


@needs_library
def test_a_model_that_no_library_knows_is_refused(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "strange"
    shutil.copytree(tiny, folder)
    (folder / "config.json").write_text('{"model_type": "never-heard-of"}')
    with pytest.raises(ConfigurationError, match="cannot be loaded"):
        build(f"sentence-transformers:{folder}").embed(["grid"])


@needs_library
def test_rows_of_two_models_are_kept_side_by_side(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "tiny"
    shutil.copytree(tiny, folder)
    (folder / "vocab.txt").write_text("\n".join(reversed(WORDS)))
    one, two = build(f"sentence-transformers:{tiny}"), build(f"sentence-transformers:{folder}")
    assert one.name != two.name
    store, texts = open_store(":memory:"), ["the grid", "a flood"]
    first, second = vectors.dense(one, texts, store), vectors.dense(two, texts, store)
    assert first is not None
    assert second is not None
    assert first.fresh.keys() == second.fresh.keys()
    assert not (first.rows == second.rows).all()
