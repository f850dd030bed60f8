"""The history of the schema: `versions/` names the steps for Alembic, `sql/` holds what they do.

Steps are forward only and plain SQL. A step runs every file of `sql/` that begins with its number, in the order of
their names.
"""
