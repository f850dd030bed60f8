"""What customers ask for after the sale: refunds, adjustments, support, closing, withdrawal. People decide."""
