import Decisions
import Kernel
import Ledger

extension Evaluation {
    /// Where a line came from: the rule, its template line, the table rows and fields behind its amount and account,
    /// and the arithmetic.
    func origin(
        _ template: LineTemplate, _ formula: Formula, _ amount: Money, _ local: Local, _ rule: Rule
    ) -> LineOrigin {
        var found = Sources()
        for path in formula.steps + template.account.steps { collect(path, local, into: &found, depth: 0) }
        let arithmetic = formula.steps.compactMap { path -> String? in
            guard let value = value(at: path, local), value.list == nil, value.context == nil else { return nil }
            if case .function = value { return nil }
            return "\(path.text) = \(value.display)"
        }
        let findings = trace.rules.last.map { JSON.array($0.findings.map(\.json)) } ?? .array([])
        let base = LineOrigin.rule(
            book: book.name, version: book.version, name: rule.name, template: template.name, rows: found.rows,
            findings: findings, field: found.fields.first, evidence: found.evidence
        )
        let text =
            "\(formula.source) = \(amount.text)" + (arithmetic.isEmpty ? "" : "; " + arithmetic.joined(separator: ", "))
        guard case .object(let members) = base.json else { return base }
        return LineOrigin(
            json: .object(
                members + [
                    JSON.Member("fields", .array(found.fields.map(JSON.string))),
                    JSON.Member("arithmetic", .string(text)),
                ]))
    }

    private func collect(_ path: Path, _ local: Local, into sources: inout Sources, depth: Int) {
        guard depth < 12 else { return }
        let member = path.memberName
        switch path.head {
        case "明细":
            guard let item = local.item else { return }
            if member.text == "票" {
                let rest = Path((["票"] + path.names.dropFirst()).joined(separator: "."))
                for ticket in (items[item]["票"]?.list ?? []).indices {
                    collect(
                        rest, Local(item: item, ticket: ticket), into: &sources, depth: depth + 1)
                }
            } else if !expand(member, .item, local, into: &sources, depth: depth) {
                sources.add(field: "items[\(items[item]["no"]?.integer ?? item + 1)].\(path.rest)")
            }
        case "票":
            guard let item = local.item, let ticket = local.ticket, let voucher = items[item]["票"]?.list?[ticket],
                !expand(member, .ticket, local, into: &sources, depth: depth)
            else { return }
            let key = voucher["number"]?.string ?? voucher["file"]?.string ?? "\(ticket + 1)"
            if sources.evidence == nil { sources.evidence = (key, path.rest) }
            sources.add(field: "evidence[\(key)].\(path.rest)")
        case "document": sources.add(field: path.rest.isEmpty ? path.text : path.rest)
        case "facts", "settings", "book": sources.add(field: path.text)
        default: _ = expand(path.headName, .document, local, into: &sources, depth: depth)
        }
    }

    private func expand(
        _ name: Name, _ level: ValueBlock.Level, _ local: Local, into sources: inout Sources, depth: Int
    ) -> Bool {
        guard let number = book.index.number(name, at: level) else { return false }
        let key = HitKey(
            slot: number, item: level == .document ? nil : local.item, ticket: level == .ticket ? local.ticket : nil)
        guard sources.seen.insert(key).inserted else { return true }
        switch book.index.slots[number].definition {
        case .formula(let formula):
            for path in formula.steps { collect(path, local, into: &sources, depth: depth + 1) }
        case .table(let name):
            guard let table = book.tables[name], let hit = hits[key] else { return true }
            sources.add(row: hit.text)
            let version = table.versions.first { $0.from == hit.version }
            let formulas = table.formulas + hit.rows.flatMap { version?.rows[$0 - 1].outputs ?? [] }
            for formula in formulas {
                for path in formula.steps { collect(path, local, into: &sources, depth: depth + 1) }
            }
        }
        return true
    }

    private func value(at path: Path, _ local: Local) -> Value? {
        var found: Value?
        switch (path.head, local.item) {
        case ("明细", let item?): found = .context(items[item])
        case ("票", let item?): found = local.ticket.flatMap { items[item]["票"]?.list?[$0] }
        default: found = local.own[path.headName]
        }
        found = found ?? values[path.headName] ?? root[path.headName]
        for name in path.names { found = found?[name] }
        return found
    }
}

/// What lies behind a line, each once, in the order in which it was found.
private struct Sources {
    static let fieldLimit = 40

    var rows: [String] = []
    var fields: [String] = []
    var evidence: (key: String, field: String)?
    var seen: Set<Evaluation.HitKey> = []

    mutating func add(field: String) {
        if fields.count < Self.fieldLimit, !fields.contains(field) { fields.append(field) }
    }

    mutating func add(row: String) {
        if !rows.contains(row) { rows.append(row) }
    }
}
