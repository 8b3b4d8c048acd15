"""The ombuds' desk: the way in, the queue, and one matter at a time."""
