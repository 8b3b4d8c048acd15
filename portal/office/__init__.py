"""The office and its ombuds: joining, key pairs, signing in."""
