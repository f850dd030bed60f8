"""What concerns a person alone: name, language, a copy of their data, and their erasure."""
