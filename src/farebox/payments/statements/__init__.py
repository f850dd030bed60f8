"""Monthly statements: what an account had, got, spent and has, numbered and never changed."""
