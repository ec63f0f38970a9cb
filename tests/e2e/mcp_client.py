"""A client of ``readouts mcp`` by the SDK of its protocol, and what the server's tools gave or refused."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

from e2e_helpers import HASHED
from mcp import Client
from mcp.client.stdio import StdioServerParameters

Connect = Callable[..., AbstractAsyncContextManager[Client]]


def connecting(environment: dict[str, str], cwd: Path) -> Connect:
    """``async with connect("--keep") as client``: a client of ``readouts mcp --keep`` in a process of its own."""

    @asynccontextmanager
    async def connected(*arguments: str, env: dict[str, str] | None = None) -> AsyncIterator[Client]:
        command, *first = HASHED
        parameters = StdioServerParameters(
            command=command, args=[*first, "mcp", *arguments], env=environment | (env or {}), cwd=cwd
        )
        async with Client(parameters, read_timeout_seconds=120) as client:
            yield client

    return connected


async def told(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """What a tool gives back, which its text repeats."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    assert isinstance(result.structured_content, dict)
    assert json.loads(text_of(result)) == result.structured_content
    return result.structured_content


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    """What a tool says where it cannot do what it is asked to."""
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    return text_of(result)


def text_of(result: Any) -> str:
    (content,) = result.content
    return str(content.text)
