"""What the policy says of money that goes back."""
