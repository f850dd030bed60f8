"""The data plane: from a request with an API key to a relayed, priced and settled answer.

    server.py        uvicorn with our connection class; graceful drain
    connection.py    HTTP/1.1 bytes to exchanges: limits, slow clients, pipelining
    exchange.py      one request and its answer, as ASGI callables
    app.py           who handles which path
    pipeline.py      the order of the stages of a job, and why it is so
    receive.py authenticate.py quote.py dispatch.py relay_plain.py relay_stream.py settle.py    the stages
    wire.py          which dialect a client speaks, and how its call gets across to each route
    crossing.py      what the stages ask of a crossing: passthrough.py (same dialect), translate.py, embed.py
    hold.py          a hold that cannot leak
    running.py       jobs under way, and how one is interrupted
    refusals.py      calls refused before the till, written lazily
    receipts.py credits.py key.py models.py count.py    what can be read
    forward.py       what is not ours goes to the control process

It must not know the console, operators or payments.
"""
