"""What is sold and how it is reached: models, rate cards, channels and routes, as one immutable snapshot.

It knows no customer and no request.
"""
