"""Winding the service down."""
