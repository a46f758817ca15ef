import Decisions
import Kernel
import Ledger

extension Evaluation {
    /// Where a line came from: the rule, its template line, the table rows and fields behind its amount and account,
    /// and the arithmetic.
    func origin(
        _ template: LineTemplate, _ formula: Formula, _ amount: Money, _ local: Context, _ rule: Rule
    ) -> LineOrigin {
        var found = Sources()
        for path in formula.paths + template.account.paths { collect(path, local, into: &found, depth: 0) }
        let arithmetic = formula.paths.compactMap { path -> String? in
            guard let value = value(at: path, local), value.list == nil, value.context == nil else { return nil }
            if case .function = value { return nil }
            return "\(path) = \(value.display)"
        }
        let condition = trace.rules.last.map { $0.json } ?? .null
        let base = LineOrigin.rule(
            book: book.name, version: book.version, name: rule.name, template: template.name, rows: found.rows,
            findings: condition["conditions"] ?? .array([]), field: found.fields.first, evidence: found.evidence
        )
        return LineOrigin(
            json: base.json
                .setting("fields", .array(found.fields.map(JSON.string)))
                .setting(
                    "arithmetic",
                    .string(
                        "\(formula.source) = \(amount.text)"
                            + (arithmetic.isEmpty ? "" : "; " + arithmetic.joined(separator: ", ")))))
    }

    fileprivate struct Sources {
        var rows: [String] = []
        var fields: [String] = []
        var evidence: (key: String, field: String)?
        var seen: Set<String> = []
    }

    private func collect(_ path: String, _ local: Context, into sources: inout Sources, depth: Int) {
        guard depth < 12 else { return }
        let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
        let member = parts.count > 1 ? String(parts[1].prefix { $0 != "." }) : ""
        switch parts[0] {
        case "明细":
            guard let row = local["明细"]?.context, let number = row["no"]?.integer else { return }
            let index = items.firstIndex { $0["no"]?.integer == number } ?? 0
            if member == "票" {
                for ticket in row["票"]?.list ?? [] {
                    let rest = parts[1].dropFirst(2)
                    collect("票.\(rest)", ["明细": .context(row), "票": ticket], into: &sources, depth: depth + 1)
                }
            } else if !expand("明细[\(index)].\(member)", local, into: &sources, depth: depth) {
                sources.add(field: "items[\(number)].\(parts.count > 1 ? parts[1] : "")")
            }
        case "票":
            guard let ticket = local["票"]?.context, let index = ticket["_"]?.integer else { return }
            guard !expand("票[\(index)].\(member)", local, into: &sources, depth: depth) else { return }
            let key = ticket["number"]?.string ?? ticket["file"]?.string ?? "\(index + 1)"
            if sources.evidence == nil { sources.evidence = (key, parts.count > 1 ? parts[1] : "") }
            sources.add(field: "evidence[\(key)].\(parts.count > 1 ? parts[1] : "")")
        case "document": sources.add(field: parts.count > 1 ? parts[1] : path)
        case "facts", "settings", "book": sources.add(field: path)
        default: _ = expand(parts[0], local, into: &sources, depth: depth)
        }
    }

    private func expand(_ key: String, _ local: Context, into sources: inout Sources, depth: Int) -> Bool {
        guard let derivation = derivations[key] else { return false }
        guard sources.seen.insert(key).inserted else { return true }
        if let hit = derivation.hit { sources.add(row: hit.text) }
        for path in derivation.paths { collect(path, local, into: &sources, depth: depth + 1) }
        return true
    }

    private func value(at path: String, _ local: Context) -> Value? {
        let parts = path.split(separator: ".").map(String.init)
        guard let first = parts.first else { return nil }
        var found = scope(local)[first]
        for part in parts.dropFirst() { found = found?[part] }
        return found
    }
}

extension Evaluation.Sources {
    fileprivate mutating func add(field: String) {
        if !fields.contains(field), fields.count < 40 { fields.append(field) }
    }

    fileprivate mutating func add(row: String) {
        if !rows.contains(row) { rows.append(row) }
    }
}
