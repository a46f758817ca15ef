"""The API against its own description: openapi-spec-validator reads it, schemathesis makes requests of it.

Requests that fit the description and requests that do not go to a demo with data, as two persons with different rights.
No answer may be a server error, of another shape or type than described, or a success for what the description forbids.
"""

import json
import os
import pathlib
import re
import subprocess
import sys

import _program
from door import Door

TOOLS = pathlib.Path(sys.executable).parent
# What the description says of a field is not all there is to it: a tax id has a check character, a period an order.
CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "negative_data_rejection", "ignored_auth", "unsupported_method", "use_after_free", "missing_required_header",
]
EXAMPLES = 15
# Text, what OAs send, and what would sign the persons out.
LEFT_OUT = "^/(in/|metrics|healthz|readyz)|reset-password$"


def main():
    _program.need_program()
    for tool in ("schemathesis", "openapi-spec-validator"):
        if not (TOOLS / tool).exists():
            _program.skip(f"{tool} is not installed (scripts/setup.sh test)")
    findings = _program.Findings()
    with _program.folder() as path, _program.demo(path) as (server, door):
        status, text = door.ask("GET", "/api/openapi.json")
        findings.equal(status, 200, "the description")
        description = path / "openapi.json"
        description.write_bytes(text)
        check = subprocess.run(
            [TOOLS / "openapi-spec-validator", description], capture_output=True, text=True, timeout=60
        )
        findings.expect(check.returncode == 0, f"the description is OpenAPI 3.1: {check.stdout}{check.stderr}")
        operations = sum(len(one) for one in json.loads(text)["paths"].values())
        for person in ("lead", "admin"):
            one = Door(server.port)
            one.sign_in(person, server.persons[person])
            attack(server.port, one.token, person, path, findings)
        findings.equal(Door(server.port).ask("GET", "/healthz")[0], 200, "health afterwards")
    print(f"  {operations} operations described")
    findings.end()


def attack(port, token, person, path, findings):
    report = path / f"{person}.xml"
    command = [
        TOOLS / "schemathesis", "run", f"http://127.0.0.1:{port}/api/openapi.json", "--phases", "examples,coverage,fuzzing,stateful",
        "--checks", ",".join(CHECKS), "--max-examples", str(EXAMPLES), "--seed", "1", "--workers", "2",
        "--exclude-path-regex", LEFT_OUT, "--header", f"Authorization: Bearer {token}", "--request-timeout", "20",
        "--suppress-health-check", "all", "--no-color", "--report", "junit", "--report-junit-path", str(report),
        "--generation-database", "none",
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, cwd=path, env={**os.environ, "COLUMNS": "160"}
    )
    made = re.search(r"(\d+) generated", done.stdout) or re.search(r"Test cases:\n\s*(\d+)", done.stdout)
    print(f"  as {person}: {made.group(1) if made else '?'} requests made of the description")
    if not findings.expect(done.returncode == 0, f"schemathesis as {person} finds nothing"):
        print(done.stdout[-4_000:], done.stderr[-2_000:])


main()
