"""Money in and out by payment providers, transfers and codes: recharges, refunds, disputes, their events."""
