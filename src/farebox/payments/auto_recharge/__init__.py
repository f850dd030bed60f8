"""Automatic recharges: a kept card is charged when the balance runs low, as a member has agreed to."""
