"""Alembic's entry: writes the steps as one SQL script, which storage/migrate.py runs in its own transaction."""

from alembic import context

context.configure(dialect_name="postgresql", output_buffer=context.config.output_buffer)
context.run_migrations()
