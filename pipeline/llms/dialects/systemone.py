"""Decision models behind the System One API (`/v1/systemone`): typed questions in, probabilities out, no text.

TypeSafe's Jev, and vLLM, llama.cpp, Ollama or `transformers serve` with a decision model.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from pydantic_ai.models.decision import ChoiceQuestion, DecisionRequest, NoulQuestion, ScoreQuestion
from pydantic_ai.models.system_one import SystemOneModel
from pydantic_ai.providers.system_one import SystemOneProvider

from pipeline.errors import ConfigurationError, ModelError
from pipeline.llms import wire
from pipeline.llms.faults import model_error
from pipeline.llms.servers import Known, Served, Server, resolve
from pipeline.protocols import LLM, Completion, Decision, Decisions, Question, Usage
from pipeline.roles import ServedSettings


def systemone(model: str, served: ServedSettings) -> LLM:
    """A decision model at `base_url`. Raises ConfigurationError where there is none."""
    if not served.base_url:
        raise ConfigurationError(
            f"systemone:{model} needs the address of its server",
            key="model.base_url",
            fix=f'[[model]] name = "systemone:{model}", base_url = "http://127.0.0.1:8000/v1"',
        )
    return DecisionLLM(resolve(Known("systemone", "", "SYSTEM_ONE_API_KEY", own=True), model, served), served)


class DecisionLLM(Served):
    """A model that only decides."""

    def __init__(self, server: Server, served: ServedSettings) -> None:
        super().__init__(server)
        self._timeout = served.timeout

    def generate(
        self, prompt: str, *, system: str, schema: Mapping[str, Any], max_tokens: int, source: str = ""
    ) -> Completion:
        """Raises ModelError: it writes no text."""
        raise ModelError(f"{self.name} is a decision model and writes no text", calls=0)

    def decide(self, state: str, questions: Mapping[str, Question], *, source: str = "") -> Decisions:
        """The model's own probabilities. Raises ModelError."""
        failed: ModelError | None = None
        try:
            response = asyncio.run(self._run(state, questions))
        except Exception as error:  # whatever a kit raises must not end the night
            failed = model_error(self.name, error)
        if failed:
            raise failed
        used = response.usage
        took = (used.input_tokens or 0, used.output_tokens or 0)
        cost = self._server.prices.of(*took) if self._server.prices else 0.0
        found = {name: _decision(question, response.answers[name]) for name, question in questions.items()}
        return Decisions(found, self.name, "decision", Usage(*took, 1, cost))

    async def _run(self, state: str, questions: Mapping[str, Question]) -> Any:
        async with asyncio.timeout(self._timeout), wire.client(self._timeout) as http:
            key = self._server.key or None
            provider = SystemOneProvider(base_url=self._server.base_url, api_key=key, http_client=http)
            asked = {name: _question(question) for name, question in questions.items()}
            return await SystemOneModel(self._server.model, provider=provider).decide(
                DecisionRequest(state=state, questions=asked), {}
            )


def _question(question: Question) -> NoulQuestion | ChoiceQuestion | ScoreQuestion:
    if question.kind == "yes_no":
        return NoulQuestion(instructions=question.text)
    if question.kind == "choice":
        return ChoiceQuestion(criteria={label: label for label in question.labels}, instructions=question.text)
    return ScoreQuestion(criteria=list(question.labels), instructions=question.text)


def _decision(question: Question, answer: Any) -> Decision:
    if question.kind == "yes_no":
        yes, no = question.labels
        return Decision.of(question, {yes: answer.noul, no: 1 - answer.noul})
    if question.kind == "choice":
        return Decision.of(question, answer.probabilities)
    return Decision.of(question, {label: answer.probabilities.get(n, 0.0) for n, label in enumerate(question.labels)})
