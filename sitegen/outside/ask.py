"""Ask one address: HEAD, or GET for its first byte where that is not answered; redirects followed, no body read.

Addresses come from other people's texts. Only public ones are asked: names are resolved here, every address of a name must be
public, and the connection goes to the one that was looked at, so that no name can mean another the second time. No proxy is used,
no cookie kept, no password sent.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

import msgspec

from sitegen.outside.answers import Answer, State

_REDIRECTS, _PERMANENT = frozenset({301, 302, 303, 307, 308}), frozenset({301, 308})
_GONE = frozenset({404, 410})
_PATIENCE = frozenset({429, 503})
_NO_SUCH_RANGE = 416  # what is there is empty
_MOST_REDIRECTS = 5
_LONGEST_ADDRESS = 4_000
_PORTS = frozenset({80, 443, 8000, 8008, 8080, 8443})
_LONGEST_WAIT = dt.timedelta(days=30)
# Prefixes of IPv6 that lead to an address of IPv4 inside them, which may be a private one.
_TRANSLATED = [ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")]

Public = Callable[[str], bool]


class Refusal(Exception):
    """An address that is not asked, or could not be; its text says why."""


class Manners(msgspec.Struct, frozen=True):
    """How addresses are asked. agent: the User-Agent. timeout: seconds for a step; deadline: for all that one address takes.

    public: whether an IP address may be asked. ports: those that are asked.
    """

    agent: str
    timeout: float = 10.0
    deadline: float = 30.0
    public: Public = lambda address: is_public(address)
    ports: frozenset[int] = _PORTS


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            found = found.ipv4_mapped
        elif any(found in net for net in _TRANSLATED):
            return False
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)


def ask(address: str, manners: Manners, now: Callable[[], dt.datetime]) -> Answer:
    """What comes of asking an address, redirects followed."""
    asked = now().isoformat(timespec="seconds")
    until = time.monotonic() + manners.deadline
    at, permanent, moved = address, True, ""
    try:
        for _ in range(_MOST_REDIRECTS + 1):
            status, headers = _answered(at, manners, until)
            if status not in _REDIRECTS or not (location := headers.get("Location", "")):
                break
            permanent = permanent and status in _PERMANENT
            at = _printable(urljoin(at, _utf8(location).strip()))
            if permanent:
                moved = at
        else:
            raise Refusal(f"it leads on more than {_MOST_REDIRECTS} times")
    except Refusal as refusal:
        return Answer(State.UNASKED, asked, why=str(refusal))
    if status in _GONE:
        return Answer(State.NOT_FOUND, asked, status)
    if not (200 <= status < 300 or status == _NO_SUCH_RANGE):
        again = _again(headers.get("Retry-After", ""), now()) if status in _PATIENCE else ""
        return Answer(State.UNASKED, asked, status, why=f"it was answered with {status} {_reason(status)}".rstrip(), again=again)
    if moved and _without_fragment(moved) != _without_fragment(address):
        fragment = urlsplit(address).fragment
        return Answer(State.MOVED, asked, status, to=moved + (f"#{fragment}" if fragment and "#" not in moved else ""))
    return Answer(State.REACHED, asked, status)


def _answered(address: str, manners: Manners, until: float) -> tuple[int, http.client.HTTPMessage]:
    """The status and headers of an address: of HEAD where that is answered well, else of GET."""
    parts = _asked_for(address, manners.ports)
    status, headers = _request(parts, "HEAD", manners, until)
    if status < 400 or status in _PATIENCE:
        return status, headers
    return _request(parts, "GET", manners, until)


def _asked_for(address: str, ports: frozenset[int]) -> SplitResult:
    if len(address) > _LONGEST_ADDRESS:
        raise Refusal("the address is too long")
    try:
        parts = urlsplit(address)
        port, host = parts.port, parts.hostname or ""
        host = host if ":" in host else host.encode("idna").decode() if not host.isascii() else host
    except (ValueError, UnicodeError):
        raise Refusal("it is no address that can be asked") from None
    if parts.scheme not in ("http", "https") or not host:
        raise Refusal(f'it leads to "{parts.scheme}:", which is not asked')
    if parts.username is not None or parts.password is not None:
        raise Refusal("it holds a name or password, which is not sent")
    port = port or (443 if parts.scheme == "https" else 80)
    if port not in ports:
        raise Refusal(f"port {port} is not asked")
    host = f"[{host}]" if ":" in host else host
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=-._~")
    query = quote(parts.query, safe="/?%:@!$&'()*+,;=-._~")
    return SplitResult(parts.scheme, f"{host}:{port}", path, query, "")


def _request(parts: SplitResult, method: str, manners: Manners, until: float) -> tuple[int, http.client.HTTPMessage]:
    host, port = parts.hostname or "", parts.port or 80
    left = min(manners.timeout, until - time.monotonic())
    if left <= 0:
        raise Refusal("it took too long")
    target = urlunsplit(("", "", parts.path, parts.query, ""))
    shown = f"[{host}]" if ":" in host else host
    shown += "" if port == (443 if parts.scheme == "https" else 80) else f":{port}"
    headers = {"Host": shown, "User-Agent": manners.agent, "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
    if method == "GET":
        headers["Range"] = "bytes=0-0"
    connection = http.client.HTTPConnection(host, port, timeout=left)
    try:
        plain = socket.create_connection((_address(host, port, manners.public), port), timeout=left)
        # A host that sends a byte now and then would never run into a time-out.
        watch = threading.Timer(max(0.1, until - time.monotonic()), _cut, (connection,))
        watch.daemon = True
        connection.sock = plain
        try:
            if parts.scheme == "https":
                secure = _context().wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
                connection.sock = secure
                watch.start()
                secure.do_handshake()
            else:
                watch.start()
            connection.request(method, target, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.headers
        finally:
            watch.cancel()
    except ssl.SSLCertVerificationError as error:
        raise Refusal(f"its certificate is not trusted ({error.verify_message})") from None
    except ssl.SSLError as error:
        raise Refusal(f"no safe connection: {error.reason or error}") from None
    except TimeoutError:
        raise Refusal("it took too long") from None
    except (http.client.HTTPException, ValueError) as error:
        late = time.monotonic() >= until
        raise Refusal("it took too long" if late else f"what answers is no HTTP ({type(error).__name__})") from None
    except OSError as error:
        late = time.monotonic() >= until
        raise Refusal("it took too long" if late else f"nobody answers ({error.strerror or type(error).__name__})") from None
    finally:
        connection.close()


def _address(host: str, port: int, public: Public) -> str:
    """An IP address of a host, where all that it has are public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refusal(f"its name leads nowhere ({getattr(error, 'strerror', None) or type(error).__name__})") from None
    addresses = list(dict.fromkeys(str(item[4][0]) for item in found))
    if not addresses or not all(map(public, addresses)):
        raise Refusal("it leads to an address that is not public, which is not asked")
    return next((address for address in addresses if ":" not in address), addresses[0])


@functools.cache
def _context() -> ssl.SSLContext:
    return ssl.create_default_context()


def _cut(connection: http.client.HTTPConnection) -> None:
    with contextlib.suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _again(wish: str, now: dt.datetime) -> str:
    """When a host that asks for patience may be asked again."""
    try:
        after = (
            dt.timedelta(seconds=int(wish))
            if wish.strip().isascii() and wish.strip().isdigit()
            else parsedate_to_datetime(wish) - now
        )
        return (now + min(max(after, dt.timedelta()), _LONGEST_WAIT)).isoformat(timespec="seconds")
    except (ValueError, TypeError, OverflowError, IndexError):
        return ""


def _utf8(header: str) -> str:
    """A header as hosts mean it that write it in UTF-8."""
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header


def _printable(address: str) -> str:
    """An address that a host gave, as it can be shown on any terminal."""
    return quote(address, safe="%/:?#[]@!$&'()*+,;=-._~")


def _reason(status: int) -> str:
    return http.client.responses.get(status, "")


def _without_fragment(address: str) -> str:
    return address.partition("#")[0]
