"""The ground that keeps things: the embedded PostgreSQL, connections, migrations, day partitions.

It must not know what is stored: no table is named here but those whose partitions it makes.
"""
