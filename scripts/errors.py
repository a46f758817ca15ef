#!/usr/bin/env python3
"""Collects every error code of the program and its texts from the sources, and keeps docs/errors.md true.

    python3 scripts/errors.py            writes docs/errors.md
    python3 scripts/errors.py --check    says what differs, and exits with 1 if anything does

It reads Swift as text: each `Problem(code: …)`, and where the code comes from a property (`code`, `name`), the
`switch` of that property and the arms with the same case in the properties that hold the texts.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "Sources"
PAGE = ROOT / "docs" / "errors.md"
# Where the text is put together from what was found, the page cannot quote it.
ELSEWHERE = ("（随所见情况写明）", "(said of what was found)")
FIELDS = ("title", "location", "cause", "remedy")
QUOTE_OR_ESCAPE = re.compile(r'["\\]')
BRACKET_OR_STRING = re.compile(r'[()\[\]{}]|#*"')
COMMENT_OR_STRING = re.compile(r'//|/\*|#*"')
CODE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")


def string_end(text, start):
    """The place behind the string literal that starts at `start` (at its quote or first #)."""
    quote = text.index('"', start)
    hashes = quote - start
    mark = '"""' if text.startswith('"""', quote) else '"'
    closing, escape = mark + "#" * hashes, "\\" + "#" * hashes
    at = quote + len(mark)
    while stop := QUOTE_OR_ESCAPE.search(text, at):
        at = stop.start()
        if text.startswith(escape + "(", at):
            at = group_end(text, at + len(escape))
        elif text.startswith(escape, at):
            at += len(escape) + 1
        elif text.startswith(closing, at):
            return at + len(closing)
        else:
            at += 1
    return len(text)


def group_end(text, start):
    """The place behind the bracket that closes the one at `start`."""
    depth, at = 0, start
    while stop := BRACKET_OR_STRING.search(text, at):
        at = stop.start()
        if stop.group()[-1] == '"':
            at = string_end(text, at)
            continue
        depth += 1 if stop.group() in "([{" else -1
        at += 1
        if depth == 0:
            return at
    return len(text)


def masked(text):
    """The text with strings and comments blanked, every character in its place; line ends stay."""
    out, at = [], 0
    while stop := COMMENT_OR_STRING.search(text, at):
        start = stop.start()
        out.append(text[at:start])
        if stop.group() == "//":
            end = text.find("\n", start)
        elif stop.group() == "/*":
            end = text.find("*/", start) + 2 or -1
            end = -1 if end == 1 else end
        else:
            end = string_end(text, start)
        at = len(text) if end < 0 else end
        out.append(re.sub(r"[^\n]", " ", text[start:at]))
    return "".join(out) + text[at:]


def literal(text):
    """What a string literal says, with ‹…› for the values that are filled in."""
    hashes = len(text) - len(text.lstrip("#"))
    body = text[hashes:len(text) - hashes]
    size = 3 if body.startswith('"""') else 1
    body, escape, out, at = body[size:-size], "\\" + "#" * hashes, "", 0
    while at < len(body):
        if body.startswith(escape + "(", at):
            end = group_end(body, at + len(escape))
            out += "‹" + " ".join(body[at + len(escape) + 1:end - 1].split()) + "›"
            at = end
        elif body.startswith(escape, at):
            out += {"n": " ", "t": " "}.get(body[at + len(escape):at + len(escape) + 1],
                                           body[at + len(escape):at + len(escape) + 1])
            at += len(escape) + 1
        else:
            out += body[at]
            at += 1
    return " ".join(out.split())


def strings(text):
    """The string literals of an expression that are not inside another one."""
    found, at = [], 0
    while at < len(text):
        if text[at] == '"' or re.match(r'#+"', text[at:at + 8]):
            end = string_end(text, at)
            found.append(literal(text[at:end]))
            at = end
        else:
            at += 1
    return found


def arguments(text, mask, start):
    """The arguments of the call whose bracket opens at `start`: label and expression."""
    end, parts, at, depth = group_end(text, start), [], start + 1, 0
    begin = at
    while at < end:
        char = mask[at]
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        if at == end - 1 or (char == "," and depth == 0):
            parts.append(text[begin:at].strip())
            begin = at + 1
        at += 1
    return [re.match(r"(?s)(?:(\w+)\s*:\s*(?!:))?(.*)", part).groups() for part in parts if part]


class File:
    def __init__(self, path, text):
        self.path, self.text, self.mask = path, text, masked(text)
        self.room = path.relative_to(SOURCES).parts[0]
        self.types = [
            (m.start(), group_end(self.mask, m.end() - 1), m.group(1).split(".")[-1])
            for m in re.finditer(
                r"\b(?:extension|enum|struct|class|actor)\s+([\w.]+)[^{}\n]*(?:\n[^{}\n]*){0,2}?\{", self.mask)
        ]
        self.members = [
            (m.start(), group_end(self.mask, m.end() - 1), m.group(1), m.group(2) or "")
            for m in re.finditer(r"\b(?:var|func)\s+(\w+)[^{}=\n]*?(?:\:\s*([\w.?\[\]]+)\s*)?\{", self.mask)
        ]

        # Each property with the type it belongs to, the innermost one.
        self.found_phrases = None
        self.properties = [(self.type_at(m[0]), m) for m in self.members]

    def line(self, at):
        return self.text.count("\n", 0, at) + 1

    def type_at(self, at):
        inside = [t for t in self.types if t[0] <= at < t[1]]
        return max(inside, default=(0, 0, ""))[2]

    def member_at(self, at):
        inside = [m for m in self.members if m[0] <= at < m[1]]
        return max(inside, default=None)

    def calls(self, name):
        return [(m.start(), m.end() - 1) for m in re.finditer(rf"(?<![\w.]){name}\(", self.mask)]

    def phrases(self, start, end):
        if self.found_phrases is None:
            self.found_phrases = []
            for begin, bracket in self.calls("Phrase"):
                parts = {k: " ".join(strings(v)) or f"‹{v}›" for k, v in arguments(self.text, self.mask, bracket) if k}
                if "zh" in parts and "en" in parts:
                    self.found_phrases.append((begin, (parts["zh"], parts["en"])))
        return [phrase for begin, phrase in self.found_phrases if start <= begin < end]

    def arms(self, start, end):
        """The arms of the switches between two places: names of the cases, begin and end of the body."""
        marks = []
        for mark in re.finditer(r"(?m)^[ \t]*(?:case|default)\b", self.mask[:end]):
            at, depth = mark.end(), 0
            while at < end and mark.start() >= start and not (self.mask[at] == ":" and depth == 0):
                depth += (self.mask[at] in "([{") - (self.mask[at] in ")]}")
                at += 1
            if mark.start() >= start and at < end:
                marks.append((mark.start(), mark.end(), at + 1))
        for index, (_, label, body) in enumerate(marks):
            stop = marks[index + 1][0] if index + 1 < len(marks) else end
            names, depth = set(), 0
            for part in re.finditer(r"[()\[\]]|\.(\w+)", self.mask[label:body]):
                depth += (part.group() in "([") - (part.group() in ")]")
                if part.group(1) and depth == 0:
                    names.add(part.group(1))
            yield names, body, stop


def read():
    files = [File(path, path.read_text(encoding="utf-8")) for path in sorted(SOURCES.rglob("*.swift"))]
    entries, unresolved = defaultdict(lambda: {field: [] for field in FIELDS}), []
    for file in files:
        for begin, bracket in file.calls("Problem"):
            given = dict(arguments(file.text, file.mask, bracket))
            if "code" not in given or given["code"].endswith(".problem.code"):
                # Another error's problem, told of a different place: its code stands where that error is.
                continue
            found = codes(files, file, begin, given["code"])
            if not found:
                unresolved.append(f"{file.path.relative_to(ROOT)}:{file.line(begin)}: code: {given['code']}")
            for code, case, owner in found:
                texts = entries[code]
                for field in FIELDS:
                    add(texts[field], field_texts(files, file, begin, bracket, given, field, case, owner))
    return dict(sorted(entries.items())), unresolved


def codes(files, file, at, expression):
    """The codes an expression can stand for, each with the case and the type it belongs to."""
    if expression.startswith('"') and CODE.fullmatch(expression.strip('"')):
        return [(expression.strip('"'), None, None)]
    choice = re.fullmatch(r'[^"]+\?\s*"([\w.]+)"\s*:\s*"([\w.]+)"', expression)
    if choice and all(CODE.fullmatch(code) for code in choice.groups()):
        return [(code, None, None) for code in choice.groups()]
    joined = re.fullmatch(r'"([\w.]+)"\s*\+\s*([\w.]+)', expression) or \
        re.fullmatch(r'"([\w.]*)\\\(([\w.]+)\)"', expression)
    prefix, name = joined.groups() if joined else ("", expression)
    if not re.fullmatch(r"[\w.]+", name):
        return []
    found = [
        (prefix + code, case, owner) for case, code, owner in property_arms(files, file, at, name)
        if CODE.fullmatch(prefix + code)
    ]
    if found:
        return found
    # The code is a parameter of a helper: its callers have it.
    member = file.member_at(at)
    for other in files:
        if member and other.room == file.room:
            for _, bracket in other.calls(rf"(?:\w+\.)*{member[2]}"):
                for label, value in arguments(other.text, other.mask, bracket):
                    code = value.strip('"')
                    if label in (None, "code") and value.startswith('"') and CODE.fullmatch(prefix + code):
                        found.append((prefix + code, None, (other, bracket)))
                        break
    # The rest of the code is data: a rule book names the class of its own problems.
    return found or ([(prefix + "*", None, None)] if joined and prefix.endswith(".") else [])


def property_arms(files, file, at, name):
    """The case, text and type of each arm of a property that returns a text."""
    own, last = file.type_at(at), name.split(".")[-1]
    candidates = [
        (kind, other, m) for other in files if other.room == file.room
        for kind, m in other.properties if m[2] == last and m[3] == "String"
    ]
    same = [c for c in candidates if c[0] == own] if "." not in name else [c for c in candidates if c[1] is file]
    for owner, other, member in same or (candidates if "." in name else []):
        for names, begin, end in other.arms(member[0], member[1]):
            for text in strings(other.text[begin:end]):
                for case in names:
                    yield case, text, owner


def field_texts(files, file, begin, bracket, given, field, case, owner):
    expression = given.get(field, "")
    start = file.text.find(expression, bracket) if expression else bracket
    direct = file.phrases(start, start + len(expression)) if expression else []
    if direct:
        return direct
    if case is not None:
        found, otherwise = [], []
        for other in files:
            for kind, m in other.properties if other.room == file.room else []:
                if kind != owner or (other is file and m[0] <= begin < m[1]):
                    continue
                for names, low, high in other.arms(m[0], m[1]):
                    if m[2] == field:
                        (found if case in names else otherwise if not names else []).extend(other.phrases(low, high))
                    elif case in names and m[2] not in FIELDS:
                        found += tuple_text(other, low, high, FIELDS.index(field))
        return found or otherwise or named(file, begin, expression)
    if owner is not None:
        # A helper got some of its texts from its caller: by label, or by place.
        other, call = owner
        given_there = arguments(other.text, other.mask, call)
        member = file.member_at(begin)
        opening = file.mask.index("(", member[0])
        parameters = [p[0] or p[1] for p in arguments(file.text, file.mask, opening)]
        names = [re.split(r"\s+", (p or "").split(":")[0].strip())[-1] for p in parameters]
        value = dict(given_there).get(expression)
        if value is None and expression in names and names.index(expression) < len(given_there):
            value = given_there[names.index(expression)][1]
        if value:
            place = other.text.find(value, call)
            return other.phrases(place, place + len(value)) or named(other, place, value)
    return named(file, begin, expression)


def tuple_text(file, low, high, index):
    """One of the four texts of an arm that gives them all as a tuple."""
    opening = re.match(r"\s*(?:return\s*)?(?=\()", file.mask[low:high])
    parts = arguments(file.text, file.mask, low + opening.end()) if opening else []
    if len(parts) != 4:
        return []
    value = parts[index][1]
    place = file.text.find(value, low)
    return file.phrases(place, place + len(value)) or named(file, low, value)


def named(file, at, expression):
    """The texts behind a name: a local one, a property, or a function of the same file."""
    member, name = file.member_at(at), re.match(r"(?:\w+\.)*(\w+)", expression)
    if not member or not name:
        return []
    declared = list(re.finditer(rf"\b{re.escape(name.group(1))}\b[^=\n]*=(?!=)", file.mask[member[0]:at]))
    if declared:
        low = member[0] + declared[-1].start()
        following = re.search(r"\n\s*(?:let|var|return)\b", file.mask[low:at])
        return file.phrases(low, low + following.start() if following else at)
    for m in file.members:
        if m[2] == name.group(1) and m is not member:
            return file.phrases(m[0], m[1])
    return []


def add(texts, new):
    texts.extend(text for text in new if text not in texts)


def page(entries):
    out = [
        "# 错误代码 · Error codes",
        "",
        "<!-- Generated by scripts/errors.py from the sources (`make errors`). Changes made here are lost. -->",
        "",
        "每个错误都说明：发生了什么、在哪里、为什么、由谁怎样处理。‹›中的内容在出错时填入。代码不变，也不会改作他用。",
        "",
        "Every error says what happened, where, why, and who can fix it how. What stands in ‹› is filled in when it",
        "occurs. A code keeps its meaning for ever. Behind `*` stands a name that the company chose, in a rule book.",
    ]
    labels = {"title": "发生了什么 · what", "location": "位置 · where", "cause": "原因 · why", "remedy": "处理 · fix"}
    group = None
    for code, texts in entries.items():
        if code.split(".")[0] != group:
            group = code.split(".")[0]
            out += ["", f"## {group}"]
        out += ["", f"### `{code}`", "", "| | 中文 | English |", "|---|---|---|"]
        for field in FIELDS:
            cells = ["<br>".join(clean(text[side]) for text in texts[field]) or ELSEWHERE[side] for side in (0, 1)]
            out.append(f"| {labels[field]} | {cells[0]} | {cells[1]} |")
    return "\n".join(out) + "\n"


def clean(text):
    return text.replace("|", "\\|").replace("<", "&lt;")


def main():
    entries, unresolved = read()
    text = page(entries)
    for place in unresolved:
        print(f"{place}: cannot tell which codes this is; write the code as a text, or as a `code` property",
              file=sys.stderr)
    if sys.argv[1:] == ["--check"]:
        known = set(re.findall(r"(?m)^### `([\w.*]+)`$", PAGE.read_text(encoding="utf-8"))) if PAGE.exists() else set()
        for code in sorted(entries.keys() - known):
            print(f"docs/errors.md: {code} is missing; run `make errors`", file=sys.stderr)
        for code in sorted(known - entries.keys()):
            print(f"docs/errors.md: {code} is no longer in the sources; run `make errors`", file=sys.stderr)
        stale = not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text
        if stale and known == entries.keys():
            print("docs/errors.md: a text has changed; run `make errors`", file=sys.stderr)
        sys.exit(1 if unresolved or stale else 0)
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    print(f"docs/errors.md: {len(entries)} codes")
    sys.exit(1 if unresolved else 0)


main()
