"""Privacy, refund rules and imprint as operators publish them."""
