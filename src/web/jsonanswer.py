"""The service: answers as JSON."""

import json

from starlette.responses import JSONResponse


class JsonAnswer(JSONResponse):
    """JSON in ASCII: names of files may hold bytes that are no UTF-8, which are told as search.py tells them.

    So routes give plain values to it. Their models are for OpenAPI: pydantic writes UTF-8, which has no such names.
    """

    def render(self, content: object) -> bytes:
        """Return the text of a value."""
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")
