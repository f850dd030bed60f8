"""Google's generateContent dialect, spoken as its provider speaks it."""
