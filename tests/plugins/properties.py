"""How property tests run everywhere: a busy machine is no reason for a property to fail."""

from hypothesis import settings

settings.register_profile("ansinh", deadline=None)
settings.load_profile("ansinh")
