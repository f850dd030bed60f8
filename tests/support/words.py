"""The console's words in the language of a visit, asked for by the English ones, so that a test reads in one language.

say = Words("zh-CN")
say("keys", "Create key")                           # 创建密钥
say("recharge", "+ {amount} on top", amount="$3")   # places are filled
say.like("chat", "Picture {number}")                # a pattern: anything may stand in the places that are not filled
say("admin/stop", "Stop now")                       # a feature's folder, or `app` and `components` for common words
say("logs", "#total")                               # by its key, where English has one word for two things
"""

import functools
import json
import re
import subprocess
from typing import cast

from tests.support.console import CONSOLE, node

# In the order of the catalogues' columns: LANGUAGES of console/src/lib/i18n.tsx.
LANGUAGES = ("en", "zh-CN", "zh-TW", "ja")
_LIMIT_S = 60
# Node.js of the wheel reads TypeScript as it is.
_READ = """
import { globSync } from "node:fs";
import { join, relative, dirname } from "node:path";
import { pathToFileURL } from "node:url";
const sources = join(process.argv[1], "src");
const found = {};
for (const file of globSync(join(sources, "**", "messages.ts"))) {
  const { messages } = await import(pathToFileURL(file));
  found[relative(sources, dirname(file)).replace(/^features\\//, "")] = messages;
}
process.stdout.write(JSON.stringify(found));
"""


class Words:
    """Says what the console says in one of LANGUAGES."""

    def __init__(self, language: str) -> None:
        self._place = LANGUAGES.index(language)

    def __call__(self, feature: str, english: str, **values: str | int) -> str:
        """LookupError when the feature does not say this, or means different things by it."""
        catalogue = _catalogues().get(feature)
        if catalogue is None:
            raise LookupError(f"the console has no words of {feature!r}, but of {sorted(_catalogues())}")
        said = {words[self._place] for key, words in catalogue.items() if english in (words[0], f"#{key}")}
        if len(said) != 1:
            raise LookupError(f"{english!r} of {feature!r} is {sorted(said) or 'not said'}")
        text = said.pop()
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text

    def like(self, feature: str, english: str, **values: str | int) -> re.Pattern[str]:
        """The same as a pattern that the whole text fits."""
        text = re.escape(self(feature, english, **values))
        return re.compile("^" + re.sub(r"\\{\w+\\}", ".*", text) + "$")


@functools.cache
def _catalogues() -> dict[str, dict[str, list[str]]]:
    command = [node(), "--input-type=module", "--no-warnings", "--eval", _READ, str(CONSOLE)]
    read = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_LIMIT_S)
    assert read.returncode == 0, read.stderr
    return cast("dict[str, dict[str, list[str]]]", json.loads(read.stdout))
