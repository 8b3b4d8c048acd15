"""The public words are changed here, in the browser, by ombuds and by editors, who reach nothing else."""
