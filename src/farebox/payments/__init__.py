"""Money in and out at payment providers: recharges, payments and their events, refunds, disputes."""
