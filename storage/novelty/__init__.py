"""What is new: what a statement does to what is known, and what people are told of it. Decisions are pure; SQL stands apart."""
