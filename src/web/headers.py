"""The service: what every response tells the browser about itself, errors too."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Whatever a name or a picture of strangers smuggles into a page: it runs nothing, and asks nobody else.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # Ids are in addresses. Pages of this service are told, as POST has no origin otherwise.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # What nobody has thought about is asked for anew each time, and is in no cache that several people share.
    "Cache-Control": "private, no-cache",
    "Server": "image-similarity",
}


# What a page shows of another origin, and who asks with what right is looked at before it is answered.
_PICTURES = ("/api/images/", "/api/explanation")
_SHOWN_ELSEWHERE = {"Cross-Origin-Resource-Policy": "cross-origin"}


class SecurityHeaders:
    """ASGI middleware: adds headers to each response that does not have its own.

    Parameters
    ----------
    app : ASGIApp
    shown_elsewhere : bool, optional
        Whether there are pages of other origins that may show pictures of this service.
    """

    def __init__(self, app: ASGIApp, *, shown_elsewhere: bool = False) -> None:
        self._app = app
        self._of_pictures = _HEADERS | _SHOWN_ELSEWHERE if shown_elsewhere else _HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                own = self._of_pictures if scope["path"].startswith(_PICTURES) else _HEADERS
                for name, value in own.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
