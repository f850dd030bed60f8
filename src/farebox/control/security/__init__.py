"""How a person proves who they are: the authenticator app, backup codes, and an overview of all ways in."""
