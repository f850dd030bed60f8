-- Factors, invitations, links and statements of people.

SELECT 1;
