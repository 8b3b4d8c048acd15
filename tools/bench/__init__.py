"""Measures the budgets side by side in one run: `make bench`; docs/performance.md says what the figures mean."""
