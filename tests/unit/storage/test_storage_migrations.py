"""The files of the schema's history."""

import importlib.util
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from farebox.storage.migrations.files import SCRIPTS, grants, revisions, sql_of


def test_file_names_tell_the_same_history_as_alembic() -> None:
    """The fast path compares with the last file name, so names and revisions must agree and form one line."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    history = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert revisions() == history[::-1]


def test_every_revision_has_its_sql() -> None:
    """A step whose file is missing from the installation would pass for done."""
    for revision in revisions():
        assert sql_of(revision)
    assert "farebox_app" in grants()
    assert Path(str(importlib.util.find_spec("farebox.storage").origin)).parent in SCRIPTS.parents
