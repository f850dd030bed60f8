"""Automatic recharges: agreeing to them and ending them."""
