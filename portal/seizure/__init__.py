"""The seizure test: what a thief with the whole disk and the staff list could find."""
