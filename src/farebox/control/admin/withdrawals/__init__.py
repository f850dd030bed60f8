"""The queue of withdrawals."""
