"""How well models can be reached, for everybody to see."""
