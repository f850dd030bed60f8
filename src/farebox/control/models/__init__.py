"""Models and prices as everybody sees them."""
