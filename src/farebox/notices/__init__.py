"""What people are told: mail, announcements, terms, and webhooks of customers."""
