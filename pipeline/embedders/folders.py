"""Model folders: where a named model lies on this machine, and what is refused before a library opens it.

A model is data from a stranger. A folder is used when all of it can be read as data: weights in safetensors, text and
JSON beside them, nothing that holds code or asks a library to import some, nothing that leads out of the folder.
Nothing is ever fetched: a name of the hub is looked up among what was downloaded before.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import ConfigurationError

_CODE = frozenset(
    ".py .pyc .pyd .so .dll .dylib .exe .sh .pkl .pickle .joblib .bin .pt .pth .ckpt .h5 .msgpack .ot .npy .npz".split()
)
_MOST_FILES = 2_000
_LARGEST = 8 << 30  # bytes of all files
_LARGEST_CONFIG = 4 << 20
_LARGEST_HEADER = 100_000_000  # as the safetensors library has it
_REMOTE = ("auto_map", "custom_pipelines", "custom_generate")  # keys that name code to be fetched or run
_CLASSES = ("type", "activation_function")  # keys whose dotted values a library imports
_TRUSTED = ("sentence_transformers.", "torch.nn.")
_DIGESTED = frozenset({".json", ".txt", ".model", ".safetensors"})  # what decides the rows that a model gives


def find(model: str) -> Path:
    """The vetted folder of `model`: a path, an installed package that carries one, or a hub name downloaded before.

    Raises ConfigurationError, which says what is wrong and what to do.
    """
    path = Path(model).expanduser()
    folder = path if path.is_dir() else _packaged(model)
    if folder is None:
        if path.is_absolute() or model.startswith((".", "~")):
            raise unusable(model, "it is a file, not a folder" if path.exists() else "there is no such folder")
        if model.count("/") != 1:
            raise unusable(model, "it is no folder, no installed package with a model, and no hub name (owner/name)")
        folder = _downloaded(model)
    vet(model, folder)
    return folder


def vet(model: str, folder: Path) -> None:
    """Raise ConfigurationError unless all of `folder` is data."""
    files = list(_files(model, folder))
    hostile = sorted(file.relative_to(folder).as_posix() for file in files if file.suffix.casefold() in _CODE)
    if hostile:
        raise unusable(model, f"its folder holds code or weights that can run code: {', '.join(hostile[:3])}")
    weights = [file for file in files if file.suffix == ".safetensors"]
    if not weights:
        raise unusable(model, "its folder holds no .safetensors weights")
    if (size := sum(file.stat().st_size for file in files)) > _LARGEST:
        raise unusable(model, f"its folder holds {size >> 30} GiB, the most is {_LARGEST >> 30}")
    if not {"config.json", "modules.json"} & {file.name for file in files if file.parent == folder}:
        raise unusable(model, "its folder holds neither config.json nor modules.json, so it is no model")
    for file in sorted(files):
        if file.suffix == ".json" and ("config" in file.name or file.name == "modules.json"):
            _vet_config(model, folder, file)
    for file in sorted(weights):
        _vet_weights(model, folder, file)


def fingerprint(folder: Path) -> str:
    """Eight hex digits of the content that decides a model's rows, so that two models of one name never mix."""
    digest = hashlib.blake2b(digest_size=4)
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in _DIGESTED):
        with file.open("rb") as opened:
            inner = hashlib.file_digest(opened, "blake2b").hexdigest()
        digest.update(f"{file.relative_to(folder).as_posix()} {inner}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def weights(folder: Path) -> frozenset[str]:
    """Names of all tensors in a vetted folder."""
    return frozenset(name for file in sorted(folder.rglob("*.safetensors")) for name in _header(file)[1])


def unusable(model: str, why: str) -> ConfigurationError:
    """The error for a model that must not or cannot be used."""
    return ConfigurationError(
        f"model {model!r} is not used: {why}",
        key="analyze.embedder",
        fix='embedder = "lexical", or "sentence-transformers:" and a safetensors model without code',
    )


def _packaged(model: str) -> Path | None:
    """The model folder of an installed package, by its distribution's or import name."""
    name = model.replace("-", "_")
    if not name.isidentifier() or importlib.util.find_spec(name) is None:
        return None
    locate: Callable[[], object] | None = getattr(importlib.import_module(name), "get_model_path", None)
    return Path(str(locate())) if locate is not None else None


def _downloaded(model: str) -> Path:
    """The folder of a hub model in this machine's cache. Raises ConfigurationError where it is not there."""
    hub = importlib.import_module("huggingface_hub")
    try:
        return Path(hub.snapshot_download(model, local_files_only=True))
    except (OSError, ValueError) as error:
        kinds = " ".join(f"'*{suffix}'" for suffix in (".json", ".txt", ".model", ".safetensors"))
        raise unusable(
            model,
            "it was not downloaded to this machine, and a night fetches no model; "
            f"fetch it once by hand: hf download {model} --include {kinds}",
        ) from error


def _files(model: str, folder: Path) -> Iterator[Path]:
    """Regular files of `folder`; links may lead to what lies inside it, or inside the hub's cache of that model."""
    inside = (folder.parent.parent if folder.parent.name == "snapshots" else folder).resolve()
    number = 0
    for place, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = Path(place, name)
            number += 1
            if number > _MOST_FILES:
                raise unusable(model, f"its folder holds more than {_MOST_FILES} files, so it is no model")
            if path.is_symlink() and not path.resolve().is_relative_to(inside):
                raise unusable(model, f"{name} is a link that leads out of its folder; copy the file there")
            if path.is_symlink() and path.is_dir():
                raise unusable(model, f"{name} is a link to a folder; copy the folder there")
            if not path.is_file() and not path.is_dir():
                raise unusable(model, f"{name} is neither a file nor a folder")
            if path.is_file():
                yield path


def _vet_config(model: str, folder: Path, file: Path) -> None:
    """Refuse a configuration that is damaged, or that makes a library import what the model names."""
    told = file.relative_to(folder).as_posix()
    if file.stat().st_size > _LARGEST_CONFIG:
        raise unusable(model, f"{told} is larger than {_LARGEST_CONFIG >> 20} MiB, so it is no configuration")
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise unusable(model, f"{told} is damaged: it is no JSON") from error
    for key, value in _entries(read):
        if key in _REMOTE:
            raise unusable(model, f"{told} asks for code of its own ({key})")
        if not isinstance(value, str):
            continue
        if key in _CLASSES and "." in value and not value.startswith(_TRUSTED):
            raise unusable(model, f"{told} asks for code from elsewhere ({key}: {value[:80]})")
        if key == "path" and (Path(value).is_absolute() or ".." in Path(value).parts):
            raise unusable(model, f"{told} leads out of its folder (path: {value[:80]})")


def _entries(value: Any) -> Iterator[tuple[str, Any]]:
    """Keys and values of nested JSON; those of "types" are told under "type", which is what they are."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, list):
            waiting.extend(found)
        elif isinstance(found, dict):
            for key, inner in found.items():
                yield key, inner
                if key == "types" and isinstance(inner, dict):
                    yield from (("type", named) for named in inner.values())
                waiting.append(inner)


def _vet_weights(model: str, folder: Path, file: Path) -> None:
    """Refuse weights that are cut off, or are something else under this name: header and length must agree."""
    try:
        length, header = _header(file)
        ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
        if 8 + length + max(ends, default=0) != file.stat().st_size:
            raise ValueError("its length is not what its header says")
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        told = file.relative_to(folder).as_posix()
        raise unusable(model, f"{told} is damaged or cut off: fetch the model again") from error


def _header(file: Path) -> tuple[int, dict[str, Any]]:
    """Length and content of the header of a safetensors file: eight bytes little-endian, then JSON of that length."""
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(8), "little")
        if not 0 < length <= min(_LARGEST_HEADER, file.stat().st_size - 8):
            raise ValueError("it has no header")
        header: dict[str, Any] = json.loads(opened.read(length))
    return length, header
