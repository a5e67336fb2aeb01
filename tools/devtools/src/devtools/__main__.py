"""`python -m devtools` is what `./dev` hands over to."""

from devtools.cli.app import main

main()
