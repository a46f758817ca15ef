"""Prints the cases of the DMN TCK as FEEL texts, one JSON array for DecisionsTests.

Boxed expressions become the FEEL that means the same; models with decision tables, imports, decision services and
code in other languages are reported as skipped. Usage: tck_cases.py FOLDER
"""
import glob
import json
import os
import sys
import xml.etree.ElementTree as ET

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


class Skip(Exception):
    pass


def local(element):
    return element.tag.split("}")[-1]


def child(element, name):
    return next((c for c in element if local(c) == name), None)


def children(element, name):
    return [c for c in element if local(c) == name]


def quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


BOXED = {
    "literalExpression", "context", "invocation", "functionDefinition", "list", "relation", "conditional", "filter",
    "for", "some", "every", "decisionTable",
}


def boxed(element):
    return next((c for c in element if local(c) in BOXED), None)


def feel(element):
    if element is None:
        raise Skip("no expression")
    kind = local(element)
    if kind == "literalExpression":
        text = child(element, "text")
        return (text.text or "") if text is not None else ""
    if kind == "context":
        entries = []
        for entry in children(element, "contextEntry"):
            variable = child(entry, "variable")
            if variable is None:
                return "{" + ", ".join(entries + ["__result: (%s\n)" % feel(boxed(entry))]) + "}.__result"
            entries.append("%s: (%s\n)" % (variable.get("name"), feel(boxed(entry))))
        return "{" + ", ".join(entries) + "}"
    if kind == "invocation":
        bindings = []
        for binding in children(element, "binding"):
            value = boxed(binding)
            text = "(%s\n)" % feel(value) if value is not None else "null"
            bindings.append("%s: %s" % (child(binding, "parameter").get("name"), text))
        return "%s(%s)" % (feel(boxed(element)), ", ".join(bindings))
    if kind == "functionDefinition":
        if element.get("kind", "FEEL") != "FEEL":
            raise Skip("code in another language")
        names = [p.get("name") for p in children(element, "formalParameter")]
        return "function(%s) (%s\n)" % (", ".join(names), feel(boxed(element)))
    if kind == "list":
        return "[" + ", ".join("(%s\n)" % feel(c) for c in element if local(c) in BOXED) + "]"
    if kind == "relation":
        columns = [c.get("name") for c in children(element, "column")]
        rows = []
        for row in children(element, "row"):
            cells = [feel(c) for c in row if local(c) in BOXED]
            rows.append("{" + ", ".join("%s: (%s\n)" % pair for pair in zip(columns, cells)) + "}")
        return "[" + ", ".join(rows) + "]"
    if kind == "conditional":
        parts = [feel(boxed(child(element, part))) for part in ("if", "then", "else")]
        return "if (%s\n) then (%s\n) else (%s\n)" % tuple(parts)
    if kind == "filter":
        return "(%s\n)[%s\n]" % (feel(boxed(child(element, "in"))), feel(boxed(child(element, "match"))))
    if kind in ("for", "some", "every"):
        tail = "return" if kind == "for" else "satisfies"
        domain = child(element, "in")
        return "%s %s in (%s\n) %s (%s\n)" % (
            kind, element.get("iteratorVariable"), feel(boxed(domain)), tail, feel(boxed(child(element, tail))))
    raise Skip(kind)


def value(element):
    """The FEEL text of a value in a test case."""
    listed = child(element, "list")
    if listed is not None:
        return "[" + ", ".join(value(item) for item in children(listed, "item")) + "]"
    components = children(element, "component")
    if components:
        return "{" + ", ".join("%s: %s" % (quote(c.get("name")), value(c)) for c in components) + "}"
    plain = child(element, "value")
    if plain is None or plain.get(XSI + "nil") == "true":
        return "null"
    kind = (plain.get(XSI + "type") or "").split(":")[-1]
    text = plain.text or ""
    if kind in ("decimal", "double", "integer", "int", "long", "float"):
        return text.strip()
    if kind == "boolean":
        return text.strip()
    if kind in ("date", "time", "dateTime", "duration", "dayTimeDuration", "yearMonthDuration"):
        return "@" + quote(text.strip())
    if kind == "":
        try:
            float(text)
            return text.strip()
        except ValueError:
            return text.strip() if text.strip() in ("true", "false") else quote(text)
    return quote(text)


class Model:
    def __init__(self, path):
        root = ET.parse(path).getroot()
        self.nodes = {}
        self.byname = {}
        self.hasImports = any(local(c) == "import" for c in root)
        for element in root:
            if local(element) in ("decision", "businessKnowledgeModel", "inputData", "decisionService"):
                self.nodes[element.get("id")] = element
                self.byname[element.get("name")] = element

    def requirements(self, element):
        found = []
        for link in element:
            if local(link) in ("informationRequirement", "knowledgeRequirement"):
                for target in link:
                    href = (target.get("href") or "").split("#")[-1]
                    if href in self.nodes:
                        found.append(self.nodes[href])
        return found

    def steps(self, element, done, steps):
        if element.get("id") in done:
            return
        done.add(element.get("id"))
        for needed in self.requirements(element):
            self.steps(needed, done, steps)
        kind = local(element)
        if kind == "decision":
            steps.append((element.get("name"), feel(boxed(element))))
        elif kind == "businessKnowledgeModel":
            logic = child(element, "encapsulatedLogic")
            if logic is None:
                raise Skip("no logic")
            if logic.get("kind", "FEEL") != "FEEL":
                raise Skip("code in another language")
            names = [p.get("name") for p in children(logic, "formalParameter")]
            steps.append((element.get("name"), "function(%s) (%s\n)" % (", ".join(names), feel(boxed(logic)))))
        elif kind == "decisionService":
            raise Skip("decision service")


def cases(folder):
    for path in sorted(glob.glob(os.path.join(folder, "*", "*", "*.xml"))):
        root = ET.parse(path).getroot()
        name = child(root, "modelName")
        if name is None:
            continue
        model = Model(os.path.join(os.path.dirname(path), name.text.strip()))
        for case in children(root, "testCase"):
            for node in children(case, "resultNode"):
                entry = {"file": os.path.basename(path), "id": case.get("id"), "node": node.get("name")}
                try:
                    target = model.byname.get(node.get("name"))
                    if model.hasImports:
                        raise Skip("import")
                    if target is None or case.get("invocableName"):
                        raise Skip("decision service")
                    steps = []
                    model.steps(target, set(), steps)
                    entry["inputs"] = [[i.get("name"), value(i)] for i in children(case, "inputNode")]
                    entry["steps"] = steps
                    entry["expected"] = value(child(node, "expected"))
                    entry["error"] = node.get("errorResult") == "true"
                except Skip as reason:
                    entry["skipped"] = str(reason)
                yield entry


json.dump(list(cases(sys.argv[1])), sys.stdout, ensure_ascii=False)
