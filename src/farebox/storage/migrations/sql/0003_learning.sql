-- What jobs teach about the size of requests.

SELECT 1;
