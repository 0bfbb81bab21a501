"""What staff see of courses."""
