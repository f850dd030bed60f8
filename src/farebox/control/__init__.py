"""The control plane: the pages and the API that people and operators use. It is slow on purpose and off the hot path.

    app.py         what the gateway forwards to us: the console, /api, /admin, /openapi.json
    console.py     the console's files and pages; its sources are in console/ at the top of the repository
    openapi.py     the description of what the gateway answers
    operations.py  the admin listener: metrics, health, readiness
    problem.py     errors as problem details (RFC 9457)

It must not import the gateway or the worker.
"""
