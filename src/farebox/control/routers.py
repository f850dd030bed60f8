"""All routers of the control API, in the order of its description. A new noun adds its lines here."""

from fastapi import APIRouter

from farebox.control.admin.audit import endpoints as admin_audit
from farebox.control.admin.cases import endpoints as admin_cases
from farebox.control.keys import endpoints as keys
from farebox.control.session import endpoints as session

ROUTERS: tuple[APIRouter, ...] = (
    session.router,
    keys.router,
    admin_audit.router,
    admin_cases.router,
)
