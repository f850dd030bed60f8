-- Announcements, terms, preferences and outgoing webhooks.

SELECT 1;
