"""All routers of the control API, in the order of its description. A new noun adds its lines here."""

from fastapi import APIRouter

from farebox.control.account import endpoints as account
from farebox.control.account_overview import endpoints as overview
from farebox.control.admin.accounts import endpoints as admin_accounts
from farebox.control.admin.adjustments import endpoints as admin_adjustments
from farebox.control.admin.announcements import endpoints as admin_announcements
from farebox.control.admin.approvals import endpoints as admin_approvals
from farebox.control.admin.audit import endpoints as admin_audit
from farebox.control.admin.cases import endpoints as admin_cases
from farebox.control.admin.channels import endpoints as admin_channels
from farebox.control.admin.closings import endpoints as admin_closings
from farebox.control.admin.codes import endpoints as admin_codes
from farebox.control.admin.discounts import endpoints as admin_discounts
from farebox.control.admin.disputes import endpoints as admin_disputes
from farebox.control.admin.evidence import endpoints as admin_evidence
from farebox.control.admin.groups import endpoints as admin_groups
from farebox.control.admin.invitations import endpoints as admin_invitations
from farebox.control.admin.jobs import endpoints as admin_jobs
from farebox.control.admin.mail import endpoints as admin_mail
from farebox.control.admin.models import endpoints as admin_models
from farebox.control.admin.operators import endpoints as admin_operators
from farebox.control.admin.overview import endpoints as admin_overview
from farebox.control.admin.payments import endpoints as admin_payments
from farebox.control.admin.people import endpoints as admin_people
from farebox.control.admin.policy import endpoints as admin_policy
from farebox.control.admin.prices import endpoints as admin_prices
from farebox.control.admin.provider import endpoints as admin_providers
from farebox.control.admin.recharges import endpoints as admin_recharges
from farebox.control.admin.reconciliation import endpoints as admin_reconciliation
from farebox.control.admin.refund_requests import endpoints as admin_refund_requests
from farebox.control.admin.reports import endpoints as admin_reports
from farebox.control.admin.risk import endpoints as admin_risk
from farebox.control.admin.signals import endpoints as admin_signals
from farebox.control.admin.site_texts import endpoints as admin_site_texts
from farebox.control.admin.statements import endpoints as admin_statements
from farebox.control.admin.stop import endpoints as admin_stop
from farebox.control.admin.support import endpoints as admin_support
from farebox.control.admin.terms import endpoints as admin_terms
from farebox.control.admin.tokens import endpoints as admin_tokens
from farebox.control.admin.winddown import endpoints as admin_wind_down
from farebox.control.admin.withdrawals import endpoints as admin_withdrawals
from farebox.control.announcements import endpoints as announcements
from farebox.control.auto_recharge import endpoints as auto_recharge
from farebox.control.closing import endpoints as closing
from farebox.control.codes import endpoints as codes
from farebox.control.credits import endpoints as funds
from farebox.control.disputes_of_charges import endpoints as adjustments
from farebox.control.invitations import endpoints as invitations
from farebox.control.jobs import endpoints as jobs
from farebox.control.keys import endpoints as keys
from farebox.control.members import endpoints as members
from farebox.control.models import endpoints as models
from farebox.control.oidc import endpoints as oidc
from farebox.control.passkeys import endpoints as passkeys
from farebox.control.password import endpoints as password
from farebox.control.payments import endpoints as payments
from farebox.control.person import endpoints as person
from farebox.control.preferences import endpoints as preferences
from farebox.control.preferences import unsubscribe
from farebox.control.recharges import endpoints as recharges
from farebox.control.refund_rules import endpoints as refund_rules
from farebox.control.refunds import endpoints as refunds
from farebox.control.security import endpoints as security
from farebox.control.session import endpoints as session
from farebox.control.session import list_endpoints as sessions
from farebox.control.signup import endpoints as sign_up
from farebox.control.site import endpoints as site
from farebox.control.site_texts import endpoints as site_texts
from farebox.control.statement import endpoints as statement
from farebox.control.statements import endpoints as statements
from farebox.control.status import endpoints as status
from farebox.control.support import endpoints as support
from farebox.control.terms import endpoints as terms
from farebox.control.usage import endpoints as usage
from farebox.control.webhooks import endpoints as webhooks
from farebox.control.webhooks_out import endpoints as webhooks_out
from farebox.control.withdrawals import endpoints as withdrawals

ROUTERS: tuple[APIRouter, ...] = (
    session.router,
    sessions.router,
    security.router,
    passkeys.router,
    oidc.router,
    password.router,
    keys.router,
    overview.router,
    jobs.router,
    usage.router,
    funds.router,
    statement.router,
    recharges.router,
    codes.router,
    auto_recharge.router,
    statements.router,
    payments.router,
    webhooks.router,
    sign_up.router,
    invitations.router,
    members.router,
    account.router,
    person.router,
    support.router,
    adjustments.router,
    refunds.router,
    withdrawals.router,
    closing.router,
    admin_overview.router,
    admin_accounts.router,
    admin_jobs.router,
    admin_reports.router,
    admin_reconciliation.router,
    admin_policy.router,
    admin_invitations.router,
    admin_approvals.router,
    admin_people.router,
    admin_audit.router,
    admin_cases.router,
    admin_risk.router,
    admin_signals.router,
    admin_evidence.router,
    admin_support.router,
    admin_adjustments.router,
    admin_refund_requests.router,
    admin_withdrawals.router,
    admin_closings.router,
    admin_wind_down.router,
    admin_recharges.router,
    admin_codes.router,
    admin_statements.router,
    admin_payments.router,
    admin_disputes.router,
    admin_operators.router,
    admin_tokens.router,
    admin_channels.router,
    admin_providers.router,
    admin_models.router,
    admin_prices.router,
    admin_stop.router,
    terms.router,
    site_texts.router,
    refund_rules.router,
    announcements.router,
    preferences.router,
    webhooks_out.router,
    unsubscribe.router,
    admin_terms.router,
    admin_site_texts.router,
    admin_announcements.router,
    admin_mail.router,
    admin_discounts.router,
    admin_groups.router,
    models.router,
    status.router,
    site.router,
)
