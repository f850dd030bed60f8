"""A dispute with its payment and account: what a decision about it goes by."""

from farebox.control.admin.disputes.schemas import DisputeView, dispute_view
from farebox.control.admin.payments.schemas import PaymentFile, payment_file
from farebox.control.admin.standing import AccountStanding, load_standing
from farebox.payments import payment_store
from farebox.payments.payment import Dispute
from farebox.storage.database import Connection


class DisputeFacts(DisputeView):
    """The account is null while nobody knows whose payment it is."""

    payment: PaymentFile
    account: AccountStanding | None


async def load_facts(connection: Connection, dispute: Dispute) -> DisputeFacts:
    """As of now."""
    payment = await payment_store.load(connection, dispute.payment_id)
    assert payment is not None
    account = None if payment.account_id is None else await load_standing(connection, payment.account_id)
    return DisputeFacts(**dispute_view(dispute).model_dump(), payment=payment_file(payment), account=account)
