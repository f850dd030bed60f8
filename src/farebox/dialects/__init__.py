"""Wire formats. Each module knows the bytes and JSON of one dialect; none knows accounts, money or the network."""
