"""The visit: a claim, a time and a stub become one sealed matter."""
