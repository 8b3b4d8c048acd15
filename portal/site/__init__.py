"""The public words of the office: pages, events, voices, and how the site looks and speaks."""
