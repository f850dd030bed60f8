-- Latency, hedges and probes of channels.

SELECT 1;
