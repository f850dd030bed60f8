"""What the gateway forwards: today a landing page and the description of the API; the console and /api come here."""

from html import escape
from pathlib import Path
from string import Template
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from farebox import __version__
from farebox.control import problem
from farebox.control.openapi import data_plane
from farebox.control.routers import ROUTERS
from farebox.control.services import Services

_LANDING = Path(__file__).parent / "landing"
_SECURITY_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "public, max-age=300",
}


def create_app(services: Services, *, example_model: str = "MODEL") -> FastAPI:
    """The application behind the control socket."""
    app = _Application(
        title="Farebox",
        version=__version__,
        summary="A prepaid, OpenAI-compatible gateway to language models.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
    )
    app.state.services = services
    problem.install(app, services.logger)
    page = Template((_LANDING / "page.html").read_text())
    style = (_LANDING / "landing.css").read_text()

    @app.get("/", include_in_schema=False)
    async def landing(request: Request) -> HTMLResponse:
        base_url = escape(f"{request.url.scheme}://{request.url.netloc}")
        text = page.substitute(base_url=base_url, model=escape(example_model))
        return HTMLResponse(text, headers=_SECURITY_HEADERS)

    @app.get("/landing.css", include_in_schema=False)
    async def landing_style() -> Response:
        return Response(style, media_type="text/css", headers=_SECURITY_HEADERS)

    for router in ROUTERS:
        app.include_router(router)
    return app


class _Application(FastAPI):
    """Describes what the gateway answers along with what we answer; only when somebody asks, for it takes a while."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            ours = super().openapi()
            theirs = data_plane()
            ours["paths"] = {**theirs["paths"], **ours["paths"]}
            components = ours.setdefault("components", {})
            for kind, named in theirs["components"].items():
                components[kind] = {**components.get(kind, {}), **named}
        return self.openapi_schema or {}
