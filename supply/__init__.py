"""What the program is made of that others wrote: listed with licences, pinned, and asked after for known holes."""
