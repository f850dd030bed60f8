"""Monthly statements, to read, to import and to print."""
