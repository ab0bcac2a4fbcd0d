"""What people decide about results, and which results wait for them."""
