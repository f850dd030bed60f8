-- Signals, and what calls leave behind for them.

SELECT 1;
