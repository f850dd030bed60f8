"""What the gateway forwards: the console, the API behind it, and the description of both planes."""

import asyncio
import json
import threading
from typing import Any

from fastapi import FastAPI
from fastapi.responses import Response

from farebox import __version__
from farebox.control import problem
from farebox.control.console import ConsolePages
from farebox.control.openapi import data_plane
from farebox.control.openapi_refusals import describe_refusals
from farebox.control.routers import ROUTERS
from farebox.control.services import Services


def create_app(services: Services) -> FastAPI:
    """The application behind the control socket."""
    app = _Application(
        title="Farebox",
        version=__version__,
        summary="A prepaid, OpenAI-compatible gateway to language models.",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.state.services = services
    problem.install(app, services.logger)
    for router in ROUTERS:
        app.include_router(router)

    @app.get("/openapi.json", include_in_schema=False)
    async def description() -> Response:
        return Response(await asyncio.to_thread(app.openapi_text), media_type="application/json")

    app.add_middleware(ConsolePages)
    return app


class _Application(FastAPI):
    """Describes what the gateway answers along with what we answer."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._describing = threading.Lock()
        self._openapi_text = b""

    def openapi_text(self) -> bytes:
        """What stands at /openapi.json; to be asked for in a thread, for the first time takes a second."""
        with self._describing:
            if not self._openapi_text:
                self._openapi_text = json.dumps(self.openapi(), ensure_ascii=False).encode()
            return self._openapi_text

    def openapi(self) -> dict[str, Any]:
        """The same as a value."""
        if self.openapi_schema is None:
            ours = super().openapi()
            describe_refusals(ours)
            _summarise(ours)
            theirs = data_plane()
            ours["paths"] = {**theirs["paths"], **ours["paths"]}
            components = ours.setdefault("components", {})
            for kind, named in theirs["components"].items():
                components[kind] = {**components.get(kind, {}), **named}
        return self.openapi_schema or {}


def _summarise(document: dict[str, Any]) -> None:
    # The first line of each endpoint's docstring says more than its name, which FastAPI takes.
    for methods in document["paths"].values():
        for operation in methods.values():
            operation["summary"] = operation["description"].partition("\n")[0].removesuffix(".")
