"""What all tests share. The parts live in `tests/plugins`; waiting lives in `tests/eventually.py`."""

pytest_plugins = (
    "tests.plugins.network_guard",
    "tests.plugins.plain_logs",
    "tests.plugins.broker_clients",
    "tests.plugins.ending",
    "tests.plugins.servers",
    "tests.plugins.shared_validators",
    "tests.plugins.side_by_side",
    "tests.plugins.system",
    "tests.plugins.properties",
    "tests.plugins.requirements",
)
