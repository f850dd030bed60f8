"""Cases: the queue of what wants a decision."""
