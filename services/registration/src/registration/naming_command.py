"""`python -m registration declarations-of`: which declarations name a person whom an operator forgets.

The numbers come as JSON on stdin, `{"numbers": [{"kind", "number"}]}`, because a list of processes shows arguments. The
answer is a line of JSON with ids alone: `{"declarations": [{"person_id", "declaration_id"}]}`.
"""

import json
import sys
from dataclasses import asdict

from ansinh_kit.errors import UnavailableError
from pydantic import BaseModel, ConfigDict, ValidationError

from registration.app import Process
from registration.domain.named_numbers import NamedNumber


class Question(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    numbers: tuple[NamedNumber, ...]


async def tell_declarations(process: Process) -> None:
    """Do what stdin asks. Exits with code 1 and a sentence on stderr if it cannot be told; it names nobody."""
    try:
        await process.foundation.log.start()
        question = Question.model_validate_json(sys.stdin.read())
        declarations = await process.naming.find(question.numbers)
    except ValidationError:
        sys.exit("stdin must hold the numbers that are looked for")
    except UnavailableError as error:
        sys.exit(f"{error.dependency} does not answer, or a read model is behind: see ./dev status, then do it again")
    finally:
        await process.foundation.log.close()
        process.foundation.client.close()
    sys.stdout.write(json.dumps({"declarations": [asdict(each) for each in declarations]}) + "\n")
