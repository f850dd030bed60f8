"""The terms as operators publish them."""
