"""Ground without business words: clock, ids, logging, metrics, secrets."""
