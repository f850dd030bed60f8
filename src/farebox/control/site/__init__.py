"""Who runs this, and how to reach them."""
