package import Kernel
package import Ledger

/// Runs worked posting cases: a document with its facts and e-vouchers, and what the rule book must answer.
///
/// Compared are the outcome, and of each voucher the word, the accounting date, the attachments and the lines with
/// account, side, amount, dimensions, cash-flow item, currency and original amount; summaries, rates and the order
/// of lines and vouchers are not.
package struct PostingCases: Sendable {
    let common: JSON
    let cases: [JSON]

    package init(yaml: String, file: String = "posting-cases.yaml") throws(RuleBookError) {
        let node = try BookNode.parse(yaml, file: file)
        guard let list = node["cases"] else { throw .missing(node.place, name: "cases") }
        cases = try list.list().map(\.json)
        common = node["common"]?.json ?? .object([JSON.Member]())
    }

    package var count: Int { cases.count }

    /// `{"passed", "failed", "cases": [{"id", "ok", "expected", "actual", "trace"}]}`.
    ///
    /// - Parameters:
    ///   - books: the rule book of each standard: `cas`, `small`.
    ///   - charts: the chart of each standard.
    ///   - zones: the zone of a name; a case whose zone is unknown is run in Asia/Shanghai.
    package func run(
        books: [String: RuleBook], charts: [String: Chart], zones: (String) -> Zone? = { _ in nil }
    ) -> JSON {
        var results: [JSON] = []
        var passed = 0
        for item in cases {
            let (result, isPassed) = run(item, books, charts, zones)
            results.append(result)
            if isPassed { passed += 1 }
        }
        return .object([
            ("passed", .integer(passed)), ("failed", .integer(cases.count - passed)), ("cases", .array(results)),
        ])
    }

    private func run(_ item: JSON, _ books: [String: RuleBook], _ charts: [String: Chart], _ zones: (String) -> Zone?)
        -> (JSON, Bool)
    {
        let id = item["id"] ?? .null
        let expected = Self.expected(item)
        let standard = item["book"]?["standard"]?.string ?? ""
        guard let book = books[standard], let chart = charts[standard] else {
            let actual = JSON.object([("error", .string("no rule book for the standard “\(standard)”"))])
            return (Self.result(id, false, expected, actual, .null), false)
        }
        let answer = book.evaluate(input(item, chart, zones))
        let actual = Self.actual(answer.outcome)
        let isPassed = Self.normal(expected) == Self.normal(actual.comparable)
        return (Self.result(id, isPassed, expected, actual.json, answer.trace.json), isPassed)
    }

    private func input(_ item: JSON, _ chart: Chart, _ zones: (String) -> Zone?) -> RuleInput {
        var facts = item["facts"] ?? .object([JSON.Member]())
        if facts["companies"] == nil, let companies = common["companies"] {
            facts = facts.setting("companies", companies)
        }
        return RuleInput(
            book: item["book"] ?? .null, document: item["document"] ?? .null, facts: facts,
            evidence: item["evidence"]?.array ?? [], settings: common["settings"] ?? .object([JSON.Member]()),
            chart: chart, zone: Self.zone(item["book"]?["zone"]?.string ?? "", zones)
        )
    }

    private static func zone(_ name: String, _ zones: (String) -> Zone?) -> Zone {
        zones(name) ?? (name == Zone.utc.name ? .utc : .shanghai)
    }

    private static func result(_ id: JSON, _ isPassed: Bool, _ expected: JSON, _ actual: JSON, _ trace: JSON) -> JSON {
        .object([("id", id), ("ok", .bool(isPassed)), ("expected", expected), ("actual", actual), ("trace", trace)])
    }

    private static func expected(_ item: JSON) -> JSON {
        let word = item["expect"]?.string ?? ""
        var members: [(String, JSON)] = [("outcome", .string(word))]
        if let problem = item["problem"] { members.append(("problem", problem)) }
        if let party = item["waiting_for"] { members.append(("waiting_for", party)) }
        let vouchers = item["vouchers"]?.array ?? item["voucher"].map { [$0] } ?? []
        if !vouchers.isEmpty { members.append(("vouchers", .array(vouchers))) }
        return .object(members)
    }

    private static func actual(_ outcome: RuleOutcome) -> (json: JSON, comparable: JSON) {
        var members: [(String, JSON)] = [("outcome", .string(outcome.word))]
        var detail: [(String, JSON)] = []
        switch outcome {
        case .vouchers(let proposals): members.append(("vouchers", .array(proposals.map(\.json))))
        case .noVoucher(let reason): detail.append(("reason", reason.json))
        case .wait(let party, let reason):
            members.append(("waiting_for", .string(party)))
            detail.append(("reason", reason.json))
        case .hold(let problem, let name), .reject(let problem, let name):
            members.append(("problem", .string(name)))
            detail.append(("detail", problem.json))
        }
        return (.object(members + detail), .object(members))
    }

    /// What is compared, in one order: no summaries, rates or notes; lines and vouchers sorted.
    private static func normal(_ answer: JSON) -> JSON {
        guard let vouchers = answer["vouchers"]?.array else { return answer }
        let normal = vouchers.map { voucher -> JSON in
            let lines = (voucher["lines"]?.array ?? []).map { line -> JSON in
                let dimensions = (line["dimensions"]?.members ?? []).sorted { $0.name < $1.name }
                return .object([
                    ("account", line["account"] ?? .null), ("side", line["side"] ?? .null),
                    ("amount", line["amount"] ?? .null), ("dimensions", .object(dimensions)),
                    ("cash_flow_item", line["cash_flow_item"] ?? .null), ("currency", line["currency"] ?? .null),
                    ("original", line["original"] ?? .null),
                ])
            }
            return .object([
                ("word", voucher["word"] ?? .null), ("date", voucher["date"] ?? .null),
                ("attachments", voucher["attachments"] ?? .null),
                ("lines", .array(lines.sorted { $0.text < $1.text })),
            ])
        }
        return answer.setting("vouchers", .array(normal.sorted { $0.text < $1.text }))
    }
}

/// Runs the cases of a YAML text with the books of each standard.
package func runPostingCases(
    _ yaml: String, books: [String: RuleBook], charts: [String: Chart], zones: (String) -> Zone? = { _ in nil }
) throws(RuleBookError) -> JSON {
    try PostingCases(yaml: yaml).run(books: books, charts: charts, zones: zones)
}

extension VoucherProposal {
    /// `{"word", "date", "attachments", "summary", "lines": […]}`, as the worked cases write vouchers.
    package var json: JSON {
        var members: [(String, JSON)] = [
            ("word", .string(word.rawValue)), ("date", .string(date.text)), ("attachments", .integer(attachments)),
            ("summary", .string(summary)), ("lines", .array(lines.map(\.proposalJSON))),
        ]
        if let dateNote { members.append(("date_note", dateNote.json)) }
        if let reverses { members.append(("reverses", .string(reverses))) }
        return .object(members)
    }
}

extension VoucherLine {
    fileprivate var proposalJSON: JSON {
        var members: [(String, JSON)] = [
            ("account", .string(account.text)), ("side", .string(side.rawValue)), ("amount", .string(amount.text)),
        ]
        if !dimensions.isEmpty { members.append(("dimensions", dimensions.json)) }
        if let cashFlowItem { members.append(("cash_flow_item", .string(cashFlowItem))) }
        if let original {
            members.append(("currency", .string(original.currency.code)))
            members.append(("original", .string(original.text)))
            if let rate { members.append(("rate", .string(rate.text))) }
        }
        members.append(("summary", .string(summary)))
        return .object(members)
    }
}
