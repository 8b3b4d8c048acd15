"""Catalogues of visitors' pages: which words they hold, how they are renewed, and what is wrong with them."""
