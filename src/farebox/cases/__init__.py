"""Cases: what an operator has to look at and decide. Other packages open them; this one keeps them."""
