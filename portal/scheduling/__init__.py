"""When an ombuds can be met: hours, slots, and the list of times that is published."""
