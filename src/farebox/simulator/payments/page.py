"""The page to pay on, for people and browser tests: what it costs, and one button for each way it can go."""

from html import escape

from farebox.simulator.payments.purchase import Purchase

_TEXT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Simulated checkout</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 28rem; margin: 4rem auto; padding: 0 1rem; }}
button {{ display: block; width: 100%; margin: .5rem 0; padding: .75rem; font: inherit; }}
</style>
</head>
<body>
<main>
<h1>{label}</h1>
<p id="price">{price}</p>
<p role="status">{status}</p>
{form}
<p>No money moves here: this is a simulation of {provider}.</p>
</main>
</body>
</html>
"""
_BUTTONS = (
    ("pay", "Pay"),
    ("pay_later", "Pay by a method that takes its time"),
    ("decline", "Pay with a card that is refused"),
    ("abandon", "Leave without paying"),
)
_STATUS = {
    "open": "",
    "pending": "Waiting for the money.",
    "paid": "Paid.",
    "failed": "The payment failed.",
    "expired": "This checkout is over.",
}


def page(purchase: Purchase) -> bytes:
    """The page in the state that the purchase is in; buttons only while it can be paid."""
    is_open = purchase.state == "open"
    status = "The card was refused. Try another one." if is_open and purchase.failure else _STATUS[purchase.state]
    text = _TEXT.format(
        label=escape(purchase.label or "Checkout"),
        price=f"{purchase.gross_minor} {escape(purchase.currency)} (minor units)",
        status=status,
        form=_form() if is_open else "",
        provider=purchase.provider.capitalize(),
    )
    return text.encode()


def _form() -> str:
    buttons = "\n".join(
        f'<button type="submit" name="action" value="{value}">{text}</button>' for value, text in _BUTTONS
    )
    return f'<form method="post">\n{buttons}\n</form>'
