"""The service over HTTP: bodies in, response models out, every refusal a problem with its texts."""
