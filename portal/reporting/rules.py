"""What is counted of a matter, without a person in it."""
