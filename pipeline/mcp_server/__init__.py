"""A desk for assistants: read-only tools and resources over the Model Context Protocol (modelcontextprotocol.io).

`server` needs the official SDK (extra `mcp`); `answers` is all that it says, and needs nothing.
"""
