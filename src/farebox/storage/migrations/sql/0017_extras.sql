-- What came late.

SELECT 1;
