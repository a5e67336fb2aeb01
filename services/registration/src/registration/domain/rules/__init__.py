"""One module per kind of value: what is accepted, how it is normalised, and what a refusal tells the person."""
