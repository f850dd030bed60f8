"""The password of a person: changing it, and setting a new one after it was forgotten."""
