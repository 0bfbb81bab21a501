"""What learners see and send."""
