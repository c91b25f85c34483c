"""A natural-language-inference cross-encoder in a local folder as the judge: no server, no key, nothing sent out.

It only decides, and only on what the judge asks (`newsroom.opinions`): lines of JSON that name a sentence and its
evidence, each with a choice of labels that say "supports", "contradicts" or neither. The evidence is the premise, the
sentence the hypothesis; the model's entailment, contradiction and neutral classes are the probabilities (a model of two
classes gives what is not entailed to the last). Weights must be safetensors; remote code is never trusted.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import ConfigurationError, MissingExtra, ModelError
from pipeline.protocols import LLM, Completion, Decision, Decisions, Question, Usage
from pipeline.roles import ServedSettings

THREADS = 2
_LONGEST = 4000  # characters of evidence; the models read some 512 tokens
_DECIMALS = 5  # of a probability: company in a batch changes the digits behind
_FILES = ("config.json", "model.safetensors")


def nli(model: str, served: ServedSettings) -> LLM:
    """The cross-encoder in the folder `model`. Raises MissingExtra, and ConfigurationError where it is none."""
    del served  # it has no server
    if importlib.util.find_spec("sentence_transformers") is None:
        raise MissingExtra(f"nli:{model} needs a package that is not installed: pip install 'citewire[semantic]'")
    folder = Path(model).expanduser()
    lacking = [name for name in _FILES if not (folder / name).is_file()]
    if lacking:
        raise ConfigurationError(
            f"nli:{model} is no folder of a cross-encoder: it lacks {', '.join(lacking)}",
            key="models.judge",
            fix='judge = "nli:/path/to/a/folder", saved by sentence-transformers',
        )
    return CrossEncoderLLM(folder)


class CrossEncoderLLM:
    """A cross-encoder of two or three classes. Its files are hashed at once, the model loaded on the first question."""

    def __init__(self, folder: Path) -> None:
        held = hashlib.sha256(b"".join((folder / name).read_bytes() for name in _FILES)).hexdigest()
        self._folder, self._name = folder, f"nli:{folder.name}@{held[:12]}"
        self._loaded: Any = None
        self._classes: dict[str, int] = {}

    @property
    def name(self) -> str:
        """Folder and a digest of its files."""
        return self._name

    def generate(
        self, prompt: str, *, system: str, schema: Mapping[str, Any], max_tokens: int, source: str = ""
    ) -> Completion:
        """Raises ModelError: it writes no text."""
        raise ModelError(f"{self.name} is a cross-encoder and writes no text", calls=0)

    def decide(self, state: str, questions: Mapping[str, Question], *, source: str = "") -> Decisions:
        """What the evidence does to each sentence. Raises ModelError for other questions than the judge's."""
        lines = _lines(state)
        if any(name not in lines or question.kind != "choice" for name, question in questions.items()):
            raise ModelError(f"{self.name} answers only whether evidence supports a sentence", calls=0)
        chances = self._read([lines[name] for name in questions])
        found = {
            name: _decision(question, dict(zip(self._classes, row, strict=True)))
            for (name, question), row in zip(questions.items(), chances, strict=True)
        }
        return Decisions(found, self.name, "decision", Usage(0, 0, 1, 0.0))

    def _read(self, pairs: Sequence[tuple[str, str]]) -> list[list[float]]:
        """The probabilities of the classes for each (evidence, sentence), in the order of `_classes`."""
        try:
            model = self._load()
            rows = model.predict([tuple(pair) for pair in pairs], apply_softmax=True, show_progress_bar=False)
            order = list(self._classes.values())
            return [[round(float(row[at]), _DECIMALS) for at in order] for row in rows]
        except ModelError:
            raise
        except Exception as error:  # a stranger's model can fail in any way
            line = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            raise ModelError(f"{self.name} could not read {len(pairs)} sentences: {line}") from error

    def _load(self) -> Any:
        if self._loaded is None:
            importlib.import_module("torch").set_num_threads(THREADS)
            loaded = importlib.import_module("sentence_transformers").CrossEncoder(
                str(self._folder),
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={"use_safetensors": True},
            )
            self._classes = _classes(loaded.config.id2label)
            if not self._classes:
                raise ModelError(f"{self.name} has no class that says entailment", calls=0)
            self._loaded = loaded
        return self._loaded


def _classes(labels: Mapping[int, str]) -> dict[str, int]:
    """What each class of a model means: entailment, contradiction or neutral; empty where none says entailment."""
    found: dict[str, int] = {}
    for at, label in sorted(labels.items()):
        low = label.lower()
        if low.startswith("entail"):
            found["entailment"] = at
        elif low.startswith("contra"):
            found["contradiction"] = at
        else:
            found.setdefault("neutral", at)
    return found if "entailment" in found else {}


def _lines(state: str) -> dict[str, tuple[str, str]]:
    """Name -> evidence and sentence, of the lines of a state that hold them."""
    found = {}
    for line in state.splitlines():
        try:
            item = json.loads(line)
            found[str(item["name"])] = (" ".join(map(str, item["evidence"]))[:_LONGEST], str(item["sentence"]))
        except (ValueError, KeyError, TypeError):
            continue
    return found


def _decision(question: Question, chances: Mapping[str, float]) -> Decision:
    """The probabilities of a question's labels by what they say."""
    kinds = {
        label: "entailment" if "supports" in label else "contradiction" if "contradicts" in label else "neutral"
        for label in question.labels
    }
    return Decision.of(question, {label: chances.get(kind, 0.0) for label, kind in kinds.items()})
