"""`python -m service` is the `aplomb` command."""

from service.cli.commands import main

main()
