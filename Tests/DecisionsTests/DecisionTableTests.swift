import Decisions
import Kernel
import Testing

@Suite("UnaryTests")
struct UnaryTestsTests {
    @Test(
        "pass the values they are for",
        arguments: [
            ("-", "1", true), ("", "null", true), ("1", "1", true), ("1, 2", "2", true), ("1, 2", "3", false),
            ("< 10", "9", true), ("< 10", "10", false), (">= a", "3", true), ("[1..3)", "3", false),
            ("(1..3]", "3", true),
            ("not(1, 2)", "3", true), ("not(1, 2)", "2", false), ("\"a\", \"b\"", "\"b\"", true),
            ("null", "null", true),
            ("? > 1 and ? < 5", "3", true), ("? > 1 and ? < 5", "5", false), ("contains(?, \"差\")", "\"差旅\"", true),
            ("[\"x\", \"y\"]", "\"y\"", true), ("< 10", "\"a\"", false), ("not(< 10)", "\"a\"", false),
            ("true", "true", true), ("false", "true", false), ("> @\"2026-01-01\"", "@\"2026-03-31\"", true),
            ("a", "3", true), ("<18, >=60", "60", true), ("-1", "-1", true), ("!= 3", "4", true),
            ("不限", "\"不限\"", false),
        ] as [(String, String, Bool)]
    )
    func matches(text: String, input: String, expected: Bool) throws {
        let scope = Scope(["a": 3])
        let value = try Expression(parsing: input, names: [String]()).evaluate(in: scope)
        #expect(try UnaryTests(parsing: text, names: scope.names).matches(value, in: scope) == expected)
    }

    @Test("refuse what is no test", arguments: ["1,", "< ", "not(1", "[1..", "1 2"])
    func refuses(text: String) {
        #expect(throws: FEELError.self) { try UnaryTests(parsing: text, names: [String]()) }
    }
}

@Suite("DecisionTable")
struct DecisionTableTests {
    private static let names = ["类型", "金额"]

    private func table(_ policy: HitPolicy, _ rows: [[String]], outputs: [String] = ["科目"]) throws -> DecisionTable {
        try DecisionTable(
            name: "费用科目", hitPolicy: policy, inputs: ["类型", "金额"], outputs: outputs, rows: rows, names: Self.names)
    }

    private static let overlapping = [
        ["\"差旅\"", "< 1000", "\"660101\"", "差旅费，小额"], ["\"差旅\"", "-", "\"660102\"", "差旅费"],
        ["-", ">= 5000", "\"1601\"", "大额"],
    ]
    private let scope = Scope(["类型": "差旅", "金额": 500])

    @Test(
        "answers as the hit policy has it",
        arguments: [
            (HitPolicy.first, "\"660101\"", [1]), (.ruleOrder, "[\"660101\", \"660102\"]", [1, 2]),
            (.collect(nil), "[\"660101\", \"660102\"]", [1, 2]), (.collect(.count), "2", [1, 2]),
            (.collect(.max), "\"660102\"", [1, 2]), (.collect(.min), "\"660101\"", [1, 2]),
        ] as [(HitPolicy, String, [Int])]
    )
    func policies(policy: HitPolicy, expected: String, rows: [Int]) throws {
        let result = try table(policy, Self.overlapping).evaluate(in: scope)
        #expect(result.value.description == expected)
        #expect(result.rows == rows)
        #expect(result.hits.first?.annotations == ["差旅费，小额"])
    }

    @Test("sums, and refuses to sum what is no number")
    func sums() throws {
        let numbers = try table(.collect(.sum), [["-", "-", "1.10"], ["-", "-", "金额"]])
        #expect(try numbers.evaluate(in: scope).value.description == "501.10")
        #expect(try table(.collect(.sum), Self.overlapping).evaluate(in: scope).value == nil)
    }

    @Test("sorts by the allowed values of its outputs")
    func priorities() throws {
        for (policy, expected) in [(HitPolicy.priority, "\"高\""), (.outputOrder, "[\"高\", \"低\", \"低\"]")] {
            let rules = try ["\"低\"", "\"高\"", "\"低\""].map { text in
                DecisionTable.Rule(
                    tests: [try UnaryTests(parsing: "-", names: [String]())],
                    outputs: [try Expression(parsing: text, names: [String]())])
            }
            let table = try DecisionTable(
                name: "风险", hitPolicy: policy,
                inputs: [DecisionTable.Input(try Expression(parsing: "1", names: [String]()))],
                outputs: [
                    DecisionTable.Output("等级", allowed: try UnaryTests(parsing: "\"高\", \"低\"", names: [String]()))
                ], rules: rules)
            #expect(try table.evaluate(in: Scope()).value.description == expected)
        }
    }

    @Test("names the rows where only one may match, or all must say the same")
    func conflicts() throws {
        #expect(throws: DecisionError.severalRows(table: "费用科目", rows: [1, 2])) {
            try table(.unique, Self.overlapping).evaluate(in: scope)
        }
        #expect(throws: DecisionError.differentAnswers(table: "费用科目", rows: [1, 2])) {
            try table(.any, Self.overlapping).evaluate(in: scope)
        }
        let agreeing = try table(.any, [["-", "-", "1"], ["-", "-", "1.0"]])
        #expect(try agreeing.evaluate(in: scope).rows == [1, 2])
        let problem = DecisionError.severalRows(table: "费用科目", rows: [1, 2]).problem
        #expect(problem.cause.zh.contains("1, 2") && problem.code == "decision.several_rows")
    }

    @Test("tells what it saw: every input, and the first test of each row that failed")
    func tracing() throws {
        let result = try table(.unique, Self.overlapping).evaluate(in: Scope(["类型": "办公", "金额": 8000]))
        #expect(result.value == "1601")
        #expect(result.rows == [3])
        #expect(result.inputs.map(\.text) == ["类型", "金额"])
        #expect(result.inputs.map(\.value) == ["办公", 8000])
        #expect(result.misses.map(\.row) == [1, 2])
        #expect(result.misses[0].input == 0)
        #expect(result.misses[0].test == "\"差旅\"")
        #expect(result.misses[0].value == "办公")
    }

    @Test("answers null, or what it says otherwise, where no rule matches")
    func noMatch() throws {
        let result = try table(.unique, Self.overlapping).evaluate(in: Scope(["类型": "办公", "金额": 1]))
        #expect(result.value == nil && result.isStandard && result.misses.count == 3)
        let standard = try DecisionTable(
            name: "t", hitPolicy: .unique, inputs: [],
            outputs: [DecisionTable.Output("x", standard: try Expression(parsing: "7", names: [String]()))], rules: [])
        #expect(try standard.evaluate(in: Scope()).value == 7)
    }

    @Test("gives several outputs as a context")
    func outputs() throws {
        let table = try table(.unique, [["-", "-", "\"6601\"", "金额 * 2"]], outputs: ["科目", "借方"])
        let result = try table.evaluate(in: scope)
        #expect(result.value == ["科目": "6601", "借方": 1000])
        #expect(result["借方"] == 1000)
    }

    @Test("refuses inputs that are not among the allowed values")
    func allowed() throws {
        let input = DecisionTable.Input(
            try Expression(parsing: "类型", names: Self.names),
            allowed: try UnaryTests(parsing: "\"差旅\", \"办公\"", names: Self.names))
        let table = try DecisionTable(
            name: "t", hitPolicy: .unique, inputs: [input], outputs: [DecisionTable.Output("x")], rules: [])
        #expect(throws: Never.self) { try table.evaluate(in: scope) }
        #expect(throws: DecisionError.self) { try table.evaluate(in: Scope(["类型": "招待"])) }
    }

    @Test("says which cell cannot be read, and which row has the wrong width")
    func badCells() {
        let error = #expect(throws: DecisionError.self) { try table(.unique, [["-", "-", "1"], ["-", "< ", "1"]]) }
        guard case .cell(_, _, let row, let column) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(row == 2 && column == 2)
        #expect(throws: DecisionError.wrongWidth(table: "费用科目", row: 1, cells: 2, expected: 3)) {
            try table(.unique, [["-", "1"]])
        }
        #expect(throws: DecisionError.self) {
            try table(.first, Array(repeating: ["-", "-", "1"], count: DecisionTable.rowLimit + 1))
        }
    }

    @Test(
        "reads the names of hit policies",
        arguments: [("U", HitPolicy.unique), ("C+", .collect(.sum)), ("rule order", .ruleOrder)])
    func policyNames(text: String, policy: HitPolicy) {
        #expect(HitPolicy(text) == policy)
        #expect(HitPolicy("X") == nil)
    }
}
