import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path

from sqlalchemy import text

from service.database import migrate, open_engine, sqlite_url


def test_a_new_database_lets_read_while_others_write(tmp_path: Path) -> None:
    """The first customers of a new desk come at once: none of them is told that the database is locked."""
    url = sqlite_url(tmp_path)
    migrate(url)
    reader = sqlite3.connect(tmp_path / "aplomb.db")
    reading = reader.execute("SELECT name FROM sqlite_master")
    reading.fetchone()

    async def first() -> list[int]:
        engine = open_engine(url)

        async def count() -> int:
            async with engine.begin() as connection:
                await connection.execute(text("DELETE FROM replies"))
                return int((await connection.execute(text("SELECT count(*) FROM replies"))).scalar_one())

        try:
            return await asyncio.gather(*(count() for _ in range(8)))
        finally:
            await engine.dispose()

    assert asyncio.run(first()) == [0] * 8
    assert reading.fetchone()
    reader.close()


def test_two_services_may_make_one_database_at_once(tmp_path: Path) -> None:
    """Whoever starts twice by mistake gets one database, and no error."""
    command = (sys.executable, "-c", f"from service.database import migrate; migrate({sqlite_url(tmp_path)!r})")
    both = [subprocess.Popen(command) for _ in range(2)]
    assert [each.wait() for each in both] == [0, 0]
