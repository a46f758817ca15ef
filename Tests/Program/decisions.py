"""`pingqiao decision run` on models of the DMN compatibility kit: results as JSON, refusals with their status."""

import json
import pathlib

import _program
from program import run

SHELF = _program.CORPUS / "dmn-tck"


def main():
    _program.need_program()
    findings = _program.Findings()
    models = sorted(SHELF.rglob("0004-lending.dmn")) + sorted(SHELF.rglob("0001-input-data-string.dmn"))
    if not models:
        print(f"  skipped 4 cases: there is no {SHELF.name} beside the checkout")
        return findings.end()
    with _program.folder() as path:
        greeting = next(one for one in models if one.name.startswith("0001"))
        given = path / "input.json"
        given.write_text(json.dumps({"Full Name": "John Doe"}))
        told = json.loads(run("decision", "run", greeting, "--input", given).stdout)
        findings.equal(told["results"], {"Greeting Message": "Hello John Doe"}, "all decisions of a model")
        told = json.loads(run("decision", "run", greeting, "--input", given, "--decision", "Greeting Message").stdout)
        findings.equal(list(told["results"]), ["Greeting Message"], "one decision by name")
        refused = run("decision", "run", greeting, "--input", given, "--decision", "None", check=False)
        findings.expect(refused.returncode not in (0, 70) and refused.stderr, "an unknown decision is refused")
        broken = path / "broken.dmn"
        broken.write_text("<!DOCTYPE a><definitions/>")
        refused = run("decision", "run", broken, "--input", given, check=False)
        findings.expect(refused.returncode not in (0, 70) and refused.stderr, "a model with a DOCTYPE is refused")
    findings.end()


main()
