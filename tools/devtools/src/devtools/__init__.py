"""What `./dev` runs: processes, sandbox, story, benches, requirements."""
