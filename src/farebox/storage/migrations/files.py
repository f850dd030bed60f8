"""The files of the schema's history: which steps there are, and what each does.

It must not import Alembic or SQLAlchemy: a start that has nothing to migrate loads neither.
"""

from pathlib import Path

SCRIPTS = Path(__file__).parent
_VERSIONS = SCRIPTS / "versions"
_SQL = SCRIPTS / "sql"


def revisions() -> list[str]:
    """All revisions, oldest first; they are numbered in the names of their files."""
    return sorted(path.name.split("_", 1)[0] for path in _VERSIONS.glob("[0-9]*_*.py"))


def sql_of(revision: str) -> list[str]:
    """The SQL of one revision, file by file."""
    return [path.read_text() for path in sorted(_SQL.glob(f"{revision}_*.sql"))]


def grants() -> str:
    """The rights of the application's role, run after every migration."""
    return (_SQL / "grants.sql").read_text()
