"""What all feeders share: rows of text in, checked values or named refusals out, one outcome per row."""
