"""Announcements as operators make them."""
