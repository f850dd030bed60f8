"""The terms as everybody reads them."""
