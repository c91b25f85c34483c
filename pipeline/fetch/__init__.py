"""Guarded, polite HTTP. The only package that imports an HTTP client."""

from pipeline.fetch.client import HttpFetcher, user_agent

__all__ = ["HttpFetcher", "user_agent"]
