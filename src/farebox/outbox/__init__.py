"""The outbox: messages written in the transaction of what they tell of. Sending them is a duty's (notices)."""
