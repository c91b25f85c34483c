"""Amazon Bedrock's Converse dialect, through the kit `boto3`, with a bearer key.

`base_url` names the region ("https://bedrock-runtime.eu-central-1.amazonaws.com"): nothing is taken from AWS's own
files, variables or metadata service. boto3 brings its own HTTP, so here the timeout bounds the wait for each byte.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.session import Session
from pydantic_ai.models.bedrock import BedrockConverseModel
from pydantic_ai.providers.bedrock import BedrockProvider

from pipeline.errors import ConfigurationError
from pipeline.llms.kit import KitLLM
from pipeline.llms.servers import NO_KEY, Known, Server, resolve
from pipeline.protocols import LLM
from pipeline.roles import ServedSettings


def bedrock(model: str, served: ServedSettings) -> LLM:
    """A model that Amazon Bedrock serves. Raises ConfigurationError where no `base_url` names the region."""
    host = urlsplit(served.base_url).hostname or ""
    if not host:
        raise ConfigurationError(
            f"bedrock:{model} needs the address of its region",
            key="model.base_url",
            fix='[[model]] name = "bedrock", base_url = "https://bedrock-runtime.eu-central-1.amazonaws.com"',
        )
    parts = host.split(".")
    region = parts[1] if len(parts) > 2 and parts[0].startswith("bedrock") else "us-east-1"

    def make(server: Server, http: Any) -> Any:
        config = Config(
            connect_timeout=15,
            read_timeout=served.timeout,
            retries={"total_max_attempts": 1},
            signature_version=UNSIGNED,
            proxies={},
            ignore_configured_endpoint_urls=True,
        )
        session = boto3.Session(botocore_session=_Alone(), region_name=region)
        client = session.client("bedrock-runtime", config=config, endpoint_url=server.base_url)
        client.meta.events.register("request-created.bedrock-runtime", partial(_sign, server.key or NO_KEY))
        return BedrockConverseModel(server.model, provider=BedrockProvider(bedrock_client=client))

    known = Known("bedrock", served.base_url, "AWS_BEARER_TOKEN_BEDROCK", listed="aws")
    return KitLLM(resolve(known, model, served), make, served)


class _Alone(Session):  # type: ignore[misc]
    """A session that looks for no credentials: not in files, not in variables, not at the metadata service."""

    def get_credentials(self) -> None:
        return None


def _sign(key: str, request: Any, **_: Any) -> None:
    request.headers["Authorization"] = f"Bearer {key}"
