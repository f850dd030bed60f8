"""OpenAI's responses dialect, spoken as its provider speaks it; nothing is stored between calls."""
