"""Who may write: only a person on this machine who has the server's token, from a page of this server.

The token stands in the address that `sitegen serve` prints, as Jupyter does it; a browser that came with it once keeps
it in a cookie that no script reads and no other site sends. Every write must come from this very origin, be JSON, small,
and arrive within some seconds.
"""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
from typing import Any

import msgspec
from starlette.requests import Request

from sitegen.serve.app import LOOPBACK, host_name

LARGEST_BODY = 256 * 1024
_PATIENCE = 10.0


class Refused(Exception):
    """A request that is not answered. status: of HTTP."""

    def __init__(self, status: int, message: str, help: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.help = status, message, help


class Access(msgspec.Struct, frozen=True):
    """The token of one run of the server. port: that it listens on, as cookies are shared by all ports of a machine."""

    port: int
    token: str = msgspec.field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def cookie(self) -> str:
        """What a browser keeps, as a Set-Cookie header."""
        return f"{self._name}={self.token}; Path=/; HttpOnly; SameSite=Strict"

    @property
    def _name(self) -> str:
        return f"sitegen-{self.port}"

    def has_token(self, request: Request) -> bool:
        """Whether a request has the token: in a cookie, or in its address."""
        given = (request.cookies.get(self._name, ""), request.query_params.get("token", ""))
        return any(secrets.compare_digest(one.encode("utf-8", "replace"), self.token.encode()) for one in given)

    def check(self, request: Request) -> None:
        """Raises: Refused where the request is not from this machine, by its own name, with the token."""
        host = host_name(request.headers.get("host", ""))
        if host not in LOOPBACK or not _is_here(request.client.host if request.client else ""):
            raise Refused(403, "the review answers to this machine only", "open it on the machine that runs sitegen serve")
        if not self.has_token(request):
            raise Refused(403, "the review needs its token", "open the address that sitegen serve printed")

    def check_write(self, request: Request) -> None:
        """Raises: Refused as `check`, and where the request did not come from a page of this server."""
        self.check(request)
        origin = request.headers.get("origin", "")
        if origin != f"http://{request.headers['host']}" or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            raise Refused(403, "only pages of this server may write")
        if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            raise Refused(415, "a decision is sent as JSON")


async def body_of(request: Request) -> dict[str, Any]:
    """The JSON object that a request brings.

    Raises: Refused where it is too large, too slow, or no such object.
    """
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit() or int(declared[:12]) > LARGEST_BODY:
        raise Refused(413, f"a decision has at most {LARGEST_BODY:,} bytes")
    received = bytearray()
    try:
        async with asyncio.timeout(_PATIENCE):
            async for piece in request.stream():
                received += piece
                if len(received) > LARGEST_BODY:
                    raise Refused(413, f"a decision has at most {LARGEST_BODY:,} bytes")
    except TimeoutError:
        raise Refused(408, "the decision did not arrive in time") from None
    try:
        return msgspec.json.decode(bytes(received), type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError):
        raise Refused(400, "that is no JSON object") from None


def _is_here(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback
