import Decisions
import Kernel
import Testing

@Suite("EvaluationLimits")
struct LimitTests {
    private func evaluate(_ text: String, _ limits: EvaluationLimits) throws -> Value {
        try Expression(parsing: text, names: [String]()).evaluate(in: Scope(), limits: limits)
    }

    @Test("stop lists that grow too long, one item over the limit")
    func lists() throws {
        let limits = EvaluationLimits(listLength: 10)
        #expect(try evaluate("count(for x in 1..10 return x)", limits) == 10)
        #expect(throws: FEELError.listTooLong(limit: 10)) { try evaluate("for x in 1..11 return x", limits) }
        #expect(throws: FEELError.listTooLong(limit: 10)) {
            try evaluate("for x in [1, 2, 3, 4], y in [1, 2, 3] return x", limits)
        }
        #expect(throws: FEELError.listTooLong(limit: 10)) {
            try evaluate("concatenate([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5])", limits)
        }
    }

    @Test("stop texts that grow too long, one byte over the limit")
    func strings() throws {
        let limits = EvaluationLimits(stringLength: 4)
        #expect(try evaluate("\"ab\" + \"cd\"", limits) == "abcd")
        #expect(throws: FEELError.stringTooLong(limit: 4)) { try evaluate("\"ab\" + \"cde\"", limits) }
        #expect(throws: FEELError.stringTooLong(limit: 4)) { try evaluate("string join([\"ab\", \"cde\"])", limits) }
    }

    @Test("stop loops that take too many steps")
    func steps() throws {
        let text = "count(for x in 1..100, y in 1..100 return x * y)"
        #expect(try evaluate(text, EvaluationLimits()) == 10_000)
        #expect(throws: FEELError.tooManySteps(limit: 10_000)) { try evaluate(text, EvaluationLimits(steps: 10_000)) }
    }

    @Test("stop functions that call themselves without end")
    func recursion() throws {
        let text = "{f: function(g, n) if n = 0 then 0 else 1 + g(g, n - 1), r: f(f, %)}.r"
        #expect(try evaluate(text.replacing("%", with: "20"), EvaluationLimits()) == 20)
        #expect(throws: FEELError.tooDeepEvaluation(limit: 600)) {
            try evaluate(text.replacing("%", with: "-1"), EvaluationLimits())
        }
    }

    @Test("stop patterns that would take for ever", .timeLimit(.minutes(1)))
    func patterns() throws {
        let input = String(repeating: "a", count: 2_000)
        #expect(try evaluate("matches(\"\(input)\", \"^(a+)+b$\")", EvaluationLimits()) == false)
        #expect(throws: FEELError.tooManySteps(limit: 1_000)) {
            try evaluate("matches(\"\(input)\", \"(a*)*b\")", EvaluationLimits(steps: 1_000))
        }
    }

    @Test(
        "refuse what is nested or chained too deeply, instead of crashing",
        arguments: [
            ("(", "1", ")"), ("[", "1", "]"), ("{a: ", "1", "}"), ("-", "1", ""), ("1 in (", "1", ")"),
            ("f(", "1", ")"),
            ("if true then ", "1", " else 1"), ("", "1", " + 1"), ("", "a", ".b"), ("", "a", "[1]"), ("", "1", " ** 1"),
            ("function(x) ", "1", ""), ("1 in (", "1", ""), ("[1..x[", "1", ""), ("", "1", " = 1"), ("x[", "1", "]"),
        ]
    )
    func nesting(before: String, core: String, after: String) throws {
        func text(_ depth: Int) -> String {
            String(repeating: before, count: depth) + core + String(repeating: after, count: depth)
        }
        _ = try? evaluate(text(50), EvaluationLimits())
        #expect(throws: FEELError.self) { try evaluate(text(2_000), EvaluationLimits()) }
    }

    @Test("refuse texts over the length limit")
    func length() {
        #expect(throws: FEELError.self) {
            try evaluate("1" + String(repeating: " ", count: 65_536), EvaluationLimits())
        }
        #expect(throws: Never.self) { try evaluate("1" + String(repeating: " ", count: 65_535), EvaluationLimits()) }
    }

    @Test("hold whatever the text is: reading and evaluating garbage never traps", .timeLimit(.minutes(1)))
    func fuzz() {
        let words = [
            "1", "0", "-", "+", "*", "/", "**", "(", ")", "[", "]", "{", "}", ",", ":", ".", "..", "a", "b c", "item",
            "?",
            "partial", "for", "in", "return", "some", "every", "satisfies", "if", "then", "else", "function", "and",
            "or",
            "not", "between", "instance of", "number", "list<", ">", "<", "=", "!=", "null", "true", "\"x\"", "\"",
            "\\", "@",
            "@\"P1D\"", "@\"P99999999999999Y\"", "@\"2026-01-01\"", "@\"999999999-12-31\"", "@\"10:00:00\"", "1e6144",
            "9999999999999999999999999999999999", "1e-6176", "凭", " ", "\n", "//", "/*", "date and time(", "duration(",
            "substring(\"ab\",", "sublist([1,2],", "sum(", "sort(", "replace(\"aa\",\"a\",", "matches(\"a\",",
            "flatten(",
            "range(\"[1..2]\")", "round half up(", "modulo(", "years and months duration(", "context put({a:1},", "é",
            "𝄞",
        ]
        let scope = Scope(["a": 1, "b c": [1, 2, ["a": 2]], "凭": "桥"])
        let names = Names(scope.names)
        let limits = EvaluationLimits(steps: 20_000, depth: 200, listLength: 500, stringLength: 20_000)
        var random = Random(state: 20_260_331)
        var read = 0
        for _ in 0..<60_000 {
            let text = (0..<random.next(1...14)).map { _ in words[random.next(0...words.count - 1)] }
                .joined(separator: random.next(0...1) == 0 ? "" : " ")
            if let expression = try? Expression(parsing: text, names: names) {
                read += 1
                _ = try? expression.evaluate(in: scope, limits: limits).description
                _ = try? expression.explain(in: scope, limits: limits)
            }
            if let tests = try? UnaryTests(parsing: text, names: names) {
                _ = try? tests.matches(1, in: scope, limits: limits)
            }
        }
        print("Expression: 60000 random texts, \(read) of them expressions")
        #expect(read > 1_000)
    }

    /// A generator that gives the same numbers in every run.
    private struct Random {
        var state: UInt64

        mutating func next(_ range: ClosedRange<Int>) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return range.lowerBound + Int((state >> 33) % UInt64(range.count))
        }
    }
}
