import Foundation
import Kernel
import Ledger
import Rules
import Testing

@Suite("RuleBook")
struct RuleBookTests {
    static func tiny() throws -> String { try Files.text(Files.fixtures.appendingPathComponent("tiny.yaml")) }

    static func book(_ yaml: String, chart: Bool = true) throws -> RuleBook {
        try RuleBook(
            yaml: yaml, file: "tiny.yaml", includes: { _ in throw NotThere() },
            chart: chart ? Files.chart("cas") : nil)
    }

    struct NotThere: Error, CustomStringConvertible {
        let description = "not there"
    }

    static func input(_ items: JSON, currency: String = "CNY", facts: JSON = [:]) throws -> RuleInput {
        RuleInput(
            book: ["standard": "cas", "words": "记", "currency": .string(currency)],
            document: [
                "source": ["outcome": "approved", "instance": "X-1"], "kind": "expense", "title": "示例",
                "department": ["code": "D10"], "applicant": ["code": "E001"], "currency": .string(currency),
                "approved_at": "2026-11-20T10:15:00+08:00", "items": items,
            ],
            facts: facts, evidence: [], chart: try Files.chart("cas"))
    }

    @Test("reads itself from text")
    func reads() throws {
        let book = try Self.book(Self.tiny())
        #expect(book.name == "小样")
        #expect(book.version == "1")
        #expect(book.ruleNames == ["报销"])
        #expect(book.facts.map(\.name) == ["open_from"])
        #expect(book.automaticReview == nil)
    }

    @Test(
        "says where a broken book is broken",
        arguments: [
            ("account: 明细.成本科目", "account: 明细.成本科目 +", "rules.expression", 38, "第 1 行第"),
            ("side: credit", "side: left", "rules.unexpected", 43, "debit"),
            ("    when:\n", "    wenn:\n", "rules.unexpected", 31, "wenn"),
            ("          amount: 明细.gross\n", "", "rules.missing", 36, "amount"),
            ("{table: 叶子}", "{table: 叶}", "rules.unknown", 1, "叶"),
            ("\"taxi\"  | \"660211\"", "\"taxi\"  | \"660211\" | 1", "rules.columns", 18, "3"),
            ("\"taxi\"  | \"660211\"", "\"taxi\"  | \"660211", "rules.expression", 18, "第 1 行"),
            ("种类    | 科目\n", "种类    | 账户\n", "rules.unexpected", 16, "表头"),
            ("hit: U", "hit: X", "rules.unexpected", 11, "U"),
            ("default: 'yes'", "default: 'maybe'", "rules.unexpected", 8, "maybe"),
            ("standard: cas\n", "standard: cas\nstandard: small\n", "rules.not_yaml", 4, ""),
            ("'{document.title}'", "'{document.title'", "rules.unclosed_brace", 34, "}"),
            ("rules:\n", "include: [other.yaml]\nrules:\n", "rules.include", 29, "not there"),
            ("rules:\n", "rules: [\n", "rules.not_yaml", 30, ""),
        ])
    func broken(_ old: String, _ new: String, code: String, line: Int, mentions: String) throws {
        let yaml = try Self.tiny()
        #expect(yaml.contains(old))
        let error = #expect(throws: RuleBookError.self) {
            try Self.book(yaml.replacing(old, with: new, maxReplacements: 1))
        }
        let problem = try #require(error?.problem)
        #expect(problem.code.hasPrefix(code))
        #expect(error?.place?.line == line, "\(problem)")
        let text = problem.block(in: .zh)
        #expect(mentions.isEmpty || text.contains(mentions), "\(text)")
    }

    @Test(
        "is checked against the chart and the form before it is used",
        arguments: [
            ("\"660211\"", "\"999999\"", "rules.unknown_account"),
            ("\"660211\"", "\"6602\"", "rules.account_not_a_leaf"),
            ("'\"224101\"'", "'\"220201\"'", "rules.missing_dimension"),
            ("amount: 明细.gross", "amount: 明细.grosss", "rules.unknown_field"),
            ("document.kind = \"expense\"", "document.kid = \"expense\"", "rules.unknown_field"),
            ("document.kind = \"expense\"", "报销种类 = \"expense\"", "rules.unknown_field"),
            ("facts.open_from}", "facts.opened}", "rules.unknown_field"),
            ("\"taxi\"  | \"660211\"", "\"taxi\", \"hotel\"  | \"660211\"", "rules.table_overlap"),
            ("付款日: document.payment.paid_on", "甲: 乙\n    乙: 1\n    付款日: 甲", "rules.read_too_early"),
        ])
    func unsound(_ old: String, _ new: String, code: String) throws {
        let error = #expect(throws: RuleBookError.self) {
            try Self.book(Self.tiny().replacing(old, with: new, maxReplacements: 1))
        }
        #expect(error?.problem.code == code)
    }

    @Test("names what a table leaves out")
    func gap() throws {
        let yaml = try Self.tiny().replacing("    default: '\"660209\"'\n", with: "")
        let gaps = try Self.book(yaml).findings(chart: nil)
        #expect(gaps.map(\.problem.code) == ["rules.table_gap"])
        #expect(gaps.allSatisfy { !$0.isError })
    }

    @Test(
        "reads the policy of automatic review, which is off unless it is written",
        arguments: [(5, true), (4, false), (100, true), (101, false)])
    func review(percent: Int, isGood: Bool) throws {
        let policy = "automatic_review: {ceiling: '5000.00', sample_percent: \(percent), authorised_by: 周八}\n"
        let yaml = try Self.tiny() + policy
        if isGood {
            let book = try Self.book(yaml)
            #expect(book.automaticReview?.ceiling == Money(minorUnits: 500_000, .cny))
            #expect(book.automaticReview?.samplePercent == percent)
            #expect(book.automaticReview?.authorisedBy == "周八")
        } else {
            #expect(throws: RuleBookError.self) { try Self.book(yaml) }
        }
    }

    @Test("gives the same answer to the same input")
    func isRepeatable() throws {
        let book = try Self.book(Self.tiny())
        let input = try Self.input([["kind": "hotel", "gross": "10.00"], ["kind": "taxi", "gross": "5.50"]])
        let first = book.evaluate(input)
        let second = book.evaluate(input)
        #expect(first.outcome == second.outcome)
        #expect(first.trace.json == second.trace.json)
        #expect(first.facts == second.facts)
        #expect(first.outcome.word == "voucher")
    }

    @Test("holds a document that no rule fits, and says what failed first")
    func noMatch() throws {
        let book = try Self.book(Self.tiny().replacing("\"expense\"", with: "\"payroll\""))
        let answer = book.evaluate(try Self.input([]))
        guard case .hold(let problem, let name) = answer.outcome else {
            Issue.record("\(answer.outcome)")
            return
        }
        #expect(name == "no_match")
        #expect(problem.code == "rules.no_match")
        #expect(problem.cause.zh.contains("document.kind = \"payroll\""))
        let failed = answer.trace.rules.first?.failed
        #expect(failed?.values.first?.path == "document.kind")
        #expect(failed?.values.first?.value == "expense")
    }

    @Test(
        "refuses an amount that its currency cannot hold, and rounds only where it is written",
        arguments: [
            ("10.005", "明细.gross", "CNY", nil, "amount_too_precise"),
            ("10.005", "round half up(明细.gross, 2)", "CNY", "10.01", nil),
            ("-10.005", "round half up(明细.gross, 2)", "CNY", "-10.01", nil),
            ("10.004", "round half up(明细.gross, 2)", "CNY", "10.00", nil),
            ("-10.004", "round half up(明细.gross, 2)", "CNY", "-10.00", nil),
            ("10.5", "明细.gross", "JPY", nil, "amount_too_precise"),
            ("10.5", "round half up(明细.gross, 0)", "JPY", "11", nil),
            ("10", "明细.gross", "JPY", "10", nil),
            ("10000000000000.00", "明细.gross", "CNY", "10000000000000.00", nil),
            ("10000000000000.01", "明细.gross", "CNY", nil, "amount_too_large"),
            ("9999999999999999999999999999999999", "明细.gross", "CNY", nil, "amount_too_large"),
        ] as [(String, String, String, String?, String?)])
    func amounts(gross: String, formula: String, currency: String, expected: String?, problem: String?) throws {
        let yaml = try Self.tiny()
            .replacing("amount: 明细.gross", with: "amount: \(formula)")
            .replacing("amount: sum(document.items.gross)", with: "amount: balance")
        let answer = try Self.book(yaml).evaluate(
            try Self.input([["kind": "hotel", "gross": .string(gross)]], currency: currency))
        switch answer.outcome {
        case .vouchers(let vouchers):
            #expect(vouchers[0].lines[0].amount.text == expected)
            #expect(problem == nil)
        case .hold(let found, let name):
            #expect(name == problem)
            #expect(found.cause.zh.contains(formula))
        default: Issue.record("\(answer.outcome)")
        }
    }

    @Test("keeps the origin of every line and the facts it read")
    func origin() throws {
        let answer = try Self.book(Self.tiny()).evaluate(
            try Self.input([["kind": "hotel", "gross": "10.00"]], facts: ["open_from": "2026-11-01"]))
        guard case .vouchers(let vouchers) = answer.outcome else {
            Issue.record("\(answer.outcome)")
            return
        }
        let origin = vouchers[0].lines[0].origin
        #expect(origin.rule == "报销")
        #expect(origin.ruleVersion == "1")
        #expect(origin.template == "成本")
        #expect(origin.rows == ["叶子#1"])
        #expect(origin.json["fields"]?.array?.contains("items[1].gross") == true)
        #expect(origin.json["arithmetic"]?.string == "明细.gross = 10.00; 明细.gross = 10.00")
        #expect(answer.facts == [FactUse(name: "open_from", value: "2026-11-01")])
        #expect(answer.trace.text(in: .zh).contains("决策表 叶子#1"))
    }
}
