"""What commands see of the database."""

import json
import subprocess
import sys
from pathlib import Path

from sqlalchemy import create_engine, inspect

from service.database import migrate, sqlite_url

PROGRAM = """
import json, service.cli.database
from service.database import metadata
print(json.dumps({name: [column.name for column in table.c] for name, table in metadata.tables.items()}))
"""


def test_a_command_knows_every_table_of_the_database(tmp_path: Path) -> None:
    """An erasure or a backup from a terminal misses nothing that the migrations made, column by column."""
    migrate(sqlite_url(tmp_path))
    told = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True, text=True).stdout
    engine = create_engine(f"sqlite:///{tmp_path / 'aplomb.db'}")
    seen = inspect(engine)
    there = {name: {each["name"] for each in seen.get_columns(name)} for name in seen.get_table_names()}
    engine.dispose()
    del there["alembic_version"]

    assert {name: set(columns) for name, columns in json.loads(told).items()} == there
