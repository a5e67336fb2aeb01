"""What nginx before the gateway says by itself is what the gateway would say: one client reads both."""

import json
import re
from typing import cast

from devtools.system.layout import ROOT
from gateway.refusals import WORDINGS, RefusalCode

CONFIGURATION = (ROOT / "deploy/edge/nginx.conf").read_text(encoding="utf-8")


def entries(variable: str, value: str) -> dict[str, str]:
    """Return what a map of the configuration says by key; `value` is the form of its values."""
    found = re.search(rf"map \$\w+ \${variable} {{(.*?)\n    }}", CONFIGURATION, flags=re.DOTALL)
    assert found
    return dict(re.findall(rf"(\w+)\s+{value};", found[1]))


MESSAGES = {code: json.loads(text) for code, text in entries("message", "'(.*)'").items()}
CODES = entries("refusal", r"(\w+)")


def test_every_refusal_has_the_gateways_words() -> None:
    assert {code: _words(code) for code in CODES.values()} == MESSAGES


def test_every_refusal_has_the_gateways_status() -> None:
    spoken = {status: WORDINGS[cast("RefusalCode", code)].status for status, code in CODES.items()}
    assert spoken == {status: 400 if status == "default" else int(status) for status in CODES}


def _words(code: str) -> dict[str, str]:
    wording = WORDINGS[cast("RefusalCode", code)]
    return {"vi": wording.vi, "en": wording.en}
