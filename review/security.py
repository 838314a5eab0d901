"""What every answer carries and every request must satisfy, whatever page it is.

OWASP's cheat sheets on sessions, CSRF and headers; no inline script or style is ever allowed.
"""

import asyncio
import secrets
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.faults import ConfigurationFault
from store.sessions import Session

COOKIE = "hedui_session"
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_MOST_BODY_BYTES = 256 * 1024
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Where the pages are served, and who stands before them.

    `trusted_proxy` is the address of a reverse proxy that ends TLS; `user_header` the header in
    which it names who signed in, "" where it does not. `public_host` is the host that browsers ask
    for, where that is another one than `host`.
    """

    host: str = "127.0.0.1"
    port: int = 8460
    certificate: str = ""
    private_key: str = ""
    trusted_proxy: str = ""
    user_header: str = ""
    public_host: str = ""

    @property
    def is_loopback(self) -> bool:
        """Return whether only this machine can connect."""
        try:
            return ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def is_encrypted(self) -> bool:
        """Return whether browsers use TLS, here or at the proxy."""
        return bool(self.certificate or self.trusted_proxy)

    def check(self) -> None:
        """Raise `ConfigurationFault` where passwords would travel readable, or anybody could be
        somebody.
        """
        if bool(self.certificate) != bool(self.private_key):
            raise ConfigurationFault("--tls-cert and --tls-key belong together")
        if not self.is_loopback and not self.is_encrypted:
            raise ConfigurationFault(
                f"--host {self.host} is reachable from other machines: give --tls-cert and"
                " --tls-key, or name the reverse proxy that ends TLS with --trusted-proxy ADDRESS"
            )
        if self.user_header and not self.trusted_proxy:
            raise ConfigurationFault(
                "--user-header is believed only from a proxy: name it with --trusted-proxy ADDRESS"
            )

    @property
    def hosts(self) -> frozenset[str]:
        """Return the host names that requests may ask for."""
        named = {self.host.strip("[]"), self.public_host} - {"", "0.0.0.0", "::"}
        return frozenset({*_LOOPBACK_NAMES, "::1", *named})


class Guard:
    """The outermost layer: host names, size, origin, headers."""

    def __init__(self, app: ASGIApp, binding: Binding) -> None:
        self._app = app
        self._binding = binding

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        is_answered = False

        async def send_guarded(message: Message) -> None:
            nonlocal is_answered
            if message["type"] == "http.response.start":
                is_answered = True
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers.setdefault("Cache-Control", "no-store")
                if self._binding.is_encrypted:
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        answering = self._refuse(Request(scope)) or self._app
        try:
            await answering(scope, receive, send_guarded)
        except asyncio.CancelledError:
            if is_answered:
                raise
            # The server is ending, and this request waits for a body that does not come: that is
            # nothing to show a trace of.
            ending = PlainTextResponse("the server is ending", status_code=503)
            await ending(scope, receive, send_guarded)

    def _refuse(self, request: Request) -> Response | None:
        name = (urlsplit(f"//{request.headers.get('host', '')}").hostname or "").lower()
        if name not in self._binding.hosts:
            return PlainTextResponse("unknown host", status_code=400)
        peer = request.client.host if request.client else ""
        if self._binding.trusted_proxy and peer != self._binding.trusted_proxy:
            return PlainTextResponse("not from the proxy", status_code=403)
        if request.method in ("GET", "HEAD"):
            return None
        length = request.headers.get("content-length", "")
        if not length.isdecimal() or int(length) > _MOST_BODY_BYTES:
            return PlainTextResponse("too large", status_code=413)
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
            return PlainTextResponse("another origin", status_code=403)
        site = request.headers.get("sec-fetch-site", "same-origin")
        if site not in ("same-origin", "none"):
            return PlainTextResponse("another site", status_code=403)
        return None


def has_token(request: Request, session: Session, form_token: str) -> bool:
    """Return whether a write carries the session's own CSRF token, as header or field."""
    given = request.headers.get("x-csrf-token", "") or form_token
    return secrets.compare_digest(given.encode(), session.csrf_token.encode())


def address_of(request: Request, binding: Binding) -> str:
    """Return the address that a sign-in comes from: the last one that the trusted proxy names."""
    peer = request.client.host if request.client else ""
    if binding.trusted_proxy:
        named = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        return named or peer
    return peer
