"""All routers of the control API, in the order of its description. A new noun adds one line here."""

from fastapi import APIRouter

from farebox.control.session import endpoints as session

ROUTERS: tuple[APIRouter, ...] = (session.router,)
