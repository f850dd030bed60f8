"""The audit trail: who changed what, with before and after; append-only and chained. It decides nothing."""
