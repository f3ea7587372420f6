"""What holds data and what can be rebuilt are stacks of their own."""
