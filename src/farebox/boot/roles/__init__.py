"""What each kind of process is composed of; one file per role, each with `serve(order, stopping, say_ready)`.

A role's module is loaded before its order comes, so its imports are what the process needs and nothing else.
"""
