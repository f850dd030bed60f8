-- Second factors, passkeys, links of one use, throttling.

SELECT 1;
