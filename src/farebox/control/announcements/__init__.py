"""Announcements as everybody reads them."""
