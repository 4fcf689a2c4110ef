"""Brings a brand's knowledge base to what a file or folder holds; the same as `aplomb ingest`."""

import sys

from service.cli.commands import app

if __name__ == "__main__":
    app(["ingest", *sys.argv[1:]])
