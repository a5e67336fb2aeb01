"""What every test gets: servers, a guarded network, and the register of requirements."""
