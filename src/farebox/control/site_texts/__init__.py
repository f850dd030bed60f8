"""Privacy, refund rules and imprint as everybody reads them."""
