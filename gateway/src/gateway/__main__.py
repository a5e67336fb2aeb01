"""`python -m gateway serve`: the edge, until it is told to stop."""

import argparse

from gateway.serving import run
from gateway.settings import GatewaySettings


def main() -> None:
    parser = argparse.ArgumentParser(prog="gateway", description="The edge: routes, session check, limits.")
    parser.add_argument("command", choices=["serve"])
    parser.parse_args()
    run(GatewaySettings())


if __name__ == "__main__":
    main()
