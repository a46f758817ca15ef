import Decisions
import Kernel
import Testing

@Suite("Expression")
struct ExpressionTests {
    static let form: Context = [
        "单据类型": "差旅费报销", "报销金额": .number(Decimal34("1234.50") ?? 0), "申请人": ["姓名": "张三", "所属 部门": "销售部"],
        "Monthly Salary": 10_000, "a-b": 7, "a": 3, "b": 2, "税率 (%)": 6,
        "明细": [
            ["科目": "机票", "金额": 800, "天数": 2], ["科目": "住宿", "金额": 400, "天数": nil],
            ["科目": "餐费", "金额": 34, "天数": 3],
        ],
        "count": 5, "入账日期": .date(Day("2026-03-31") ?? Day(number: 0)),
    ]

    private func evaluate(_ text: String, _ context: Context = form) throws -> Value {
        let scope = Scope(context)
        return try Expression(parsing: text, names: scope.names).evaluate(in: scope)
    }

    @Test(
        "evaluates operators, three-valued",
        arguments: [
            ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("2 ** 3 ** 2", "64"), ("-2 ** 2", "4"), ("10 / 4", "2.5"),
            ("1 / 0", "null"), ("0.1 + 0.2 = 0.3", "true"), ("\"凭\" + \"桥\"", "\"凭桥\""), ("1 + \"1\"", "null"),
            ("null = null", "true"), ("1 = null", "false"), ("1 = \"1\"", "null"), ("1 < \"1\"", "null"),
            ("true and null", "null"), ("false and null", "false"), ("true or null", "true"), ("null or 3", "null"),
            ("not(null)", "null"), ("not(true)", "false"), ("5 between 1 and 5", "true"),
            ("null between 1 and 2", "null"),
            ("5 in [1..5)", "false"), ("5 in (1, >= 5)", "true"), ("\"b\" in [\"a\", \"b\"]", "true"),
            ("5 in ]1..5]", "true"), ("[1..5] = [1..5]", "true"), ("1 != 1.0", "false"),
            ("if null then 1 else 2", "2"), ("if 1 < 2 then \"a\" else \"b\"", "\"a\""),
            ("5 instance of number", "true"), ("null instance of Any", "false"),
            ("[1, 2] instance of list<number>", "true"),
            ("{a: 1} instance of context<a: string>", "false"), ("@\"2026-03-31\" instance of date", "true"),
            ("1 // the rest is a comment", "1"), ("1 /* so\nis this */ + 1", "2"),
        ]
    )
    func operators(text: String, expected: String) throws {
        #expect(try evaluate(text).description == expected)
    }

    @Test(
        "finds names with spaces, operators and Chinese characters",
        arguments: [
            ("Monthly Salary * 12", "120000"), ("Monthly   Salary + 1", "10001"), ("a-b", "7"), ("a -b", "1"),
            ("报销金额 > 1000 and 单据类型 = \"差旅费报销\"", "true"), ("申请人.姓名", "\"张三\""), ("申请人.所属 部门", "\"销售部\""),
            ("税率 (%) + 1", "7"), ("count(明细)", "3"), ("count + 1", "6"), ("unknown name", "null"),
            ("{foo bar: 1, b: foo bar + 1}.b", "2"), ("{x: {y z: 5}}.x.y z", "5"), ("入账日期.month", "3"),
            ("for 行 in 明细 return 行.金额", "[800, 400, 34]"),
        ]
    )
    func names(text: String, expected: String) throws {
        #expect(try evaluate(text).description == expected)
    }

    @Test(
        "works on lists, contexts and functions",
        arguments: [
            ("[1, 2, 3][1]", "1"), ("[1, 2, 3][-1]", "3"), ("[1, 2, 3][4]", "null"), ("[1, 2, 3][item > 1]", "[2, 3]"),
            ("明细[金额 > 100].科目", "[\"机票\", \"住宿\"]"), ("明细[item.天数 = null].科目", "[\"住宿\"]"),
            ("明细[天数 > 1][2].科目", "\"餐费\""), ("sum(明细.金额)", "1234"), ("7[1]", "7"), ("[]", "[]"),
            ("[[1, 2], [3]][item[1] = 3]", "[[3]]"), ("{a: 1, b: a + 1}", "{a: 1, b: 2}"), ("{a: 1, a: 2}", "null"),
            ("for x in 1..3 return x * x", "[1, 4, 9]"), ("for x in 3..1 return x", "[3, 2, 1]"),
            ("for x in [1, 2], y in [10, 20] return x + y", "[11, 21, 12, 22]"),
            ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1, 1, 2, 6, 24]"),
            ("for x in [1..3) return x", "[1, 2]"), ("for x in null return x", "null"),
            ("for d in @\"2026-02-27\"..@\"2026-03-01\" return d.day", "[27, 28, 1]"),
            ("some x in [1, 2] satisfies x > 1", "true"), ("every x in [1, 2] satisfies x > 1", "false"),
            ("every x in [] satisfies x", "true"), ("some x in [null] satisfies x > 1", "null"),
            ("(function(x, y) x - y)(y: 1, x: 5)", "4"), ("(function(x: number) x)(\"a\")", "null"),
            ("{f: function(x) x + b, r: f(1)}.r", "3"), ("{add: function(x) function(y) x + y, r: add(1)(2)}.r", "3"),
            ("sort([3, 1, 2], function(x, y) x < y)", "[1, 2, 3]"), ("[1..3].start", "1"),
            ("[for x in [1, 2] return [x][item = x]]", "[[[1], [2]]]"),
        ]
    )
    func structures(text: String, expected: String) throws {
        #expect(try evaluate(text).description == expected)
    }

    @Test(
        "calculates with dates, times and durations",
        arguments: [
            ("@\"2026-01-31\" + @\"P1M\"", "@\"2026-02-28\""), ("date(\"2024-02-29\") + @\"P1Y\"", "@\"2025-02-28\""),
            ("date(2026, 3, 31) - @\"2026-01-01\"", "@\"P89D\""), ("date(\"2026-02-30\")", "null"),
            ("@\"2026-03-31T23:30:00+08:00\" + @\"PT45M\"", "@\"2026-04-01T00:15:00+08:00\""),
            ("@\"2026-03-31T08:00:00@Asia/Shanghai\" = @\"2026-03-31T00:00:00Z\"", "true"),
            ("time(\"10:30:00\") + @\"PT14H\"", "@\"00:30:00\""), ("@\"P1DT2H\" * 2", "@\"P2DT4H\""),
            ("@\"P14M\".years", "1"), ("@\"P2D\" / @\"PT12H\"", "4"), ("duration(\"P1Y2DT3H\")", "null"),
            ("years and months duration(@\"2024-03-31\", @\"2026-03-30\")", "@\"P1Y11M\""),
            ("day of week(@\"2026-03-31\")", "\"Tuesday\""), ("week of year(@\"2027-01-01\")", "53"),
            ("day of year(@\"2024-12-31\")", "366"), ("month of year(@\"2026-03-31\")", "\"March\""),
            ("@\"-0044-03-15\"", "@\"-0044-03-15\""), ("@\"2026-01-01T24:00:00\"", "@\"2026-01-02T00:00:00\""),
            ("now()", "null"), ("date and time(@\"2026-03-31\", @\"10:00:00\").hour", "10"),
        ]
    )
    func calendar(text: String, expected: String) throws {
        #expect(try evaluate(text).description == expected)
    }

    @Test(
        "has the library of DMN 1.5",
        arguments: [
            ("decimal(1/3, 2)", "0.33"), ("decimal(2.5, 0)", "2"), ("round half up(2.345, 2)", "2.35"),
            ("round half up(-2.345, 2)", "-2.35"), ("round half down(2.345, 2)", "2.34"), ("round up(1.1, 0)", "2"),
            ("round down(-1.9, 0)", "-1"), ("floor(-1.5)", "-2"), ("ceiling(1.234, 1)", "1.3"), ("abs(-3)", "3"),
            ("modulo(-10, 4)", "2"), ("sqrt(2.25)", "1.5"), ("sqrt(-1)", "null"), ("exp(0)", "1"), ("log(1)", "0"),
            ("odd(5)", "true"), ("even(5)", "false"), ("round half up(100, 2)", "100.00"),
            ("string length(\"凭桥𝄞\")", "3"), ("substring(\"foobar\", 3, 3)", "\"oba\""),
            ("substring(\"foobar\", -2)", "\"ar\""), ("substring before(\"foobar\", \"bar\")", "\"foo\""),
            ("substring after(\"foobar\", \"ob\")", "\"ar\""), ("upper case(\"aß\")", "\"ASS\""),
            ("contains(\"差旅费\", \"旅\")", "true"), ("starts with(\"差旅费\", \"差旅\")", "true"),
            ("replace(\"2026-03-31\", \"(\\d+)-(\\d+)-(\\d+)\", \"$1年$2月$3日\")", "\"2026年03月31日\""),
            ("matches(\"123456789012345678AB\", \"^[0-9A-HJ-NP-RT-UW-Y]{20}$\")", "true"),
            ("split(\"a;b;;c\", \";\")", "[\"a\", \"b\", \"\", \"c\"]"),
            ("string join([\"a\", \"b\"], \", \")", "\"a, b\""),
            ("number(\"1,234.50\", \",\", \".\")", "1234.50"), ("string(1.10)", "\"1.10\""),
            ("string([1, \"a\"])", "\"[1, \\\"a\\\"]\""),
            ("list contains([1, null], null)", "true"), ("count([1, 2])", "2"), ("min(3, 1, 2)", "1"),
            ("max([\"a\", \"b\"])", "\"b\""),
            ("sum([1, \"a\"])", "null"), ("mean([1, 2, 3, 4])", "2.5"), ("median(8, 2, 5, 3, 4)", "4"),
            ("stddev(2, 4, 7, 5)", "2.081665999466132735282297706979931"), ("mode([6, 1, 9, 6, 1])", "[1, 6]"),
            ("product([2, 3, 4])", "24"), ("all([true, null])", "null"), ("any([true, null])", "true"),
            ("sublist([4, 5, 6], 1, 2)", "[4, 5]"), ("append([1], 2, [3])", "[1, 2, [3]]"),
            ("concatenate([1, 2], [3])", "[1, 2, 3]"), ("insert before([1, 3], 2, 2)", "[1, 2, 3]"),
            ("remove([1, 2, 3], 2)", "[1, 3]"), ("reverse([1, 2])", "[2, 1]"), ("index of([1, 2, 1], 1)", "[1, 3]"),
            ("union([1, 2], [2, 3])", "[1, 2, 3]"), ("distinct values([1, 1.0, 2])", "[1, 2]"),
            ("flatten([[1, [2]], 3])", "[1, 2, 3]"), ("list replace([1, 2], 2, 9)", "[1, 9]"),
            ("sort([3, 1])", "[1, 3]"),
            ("get value({a: 1}, \"a\")", "1"), ("get entries({a: 1})", "[{key: \"a\", value: 1}]"),
            ("context([{key: \"a\", value: 1}])", "{a: 1}"),
            ("context put({a: {b: 1}}, [\"a\", \"b\"], 2)", "{a: {b: 2}}"),
            ("context merge([{a: 1}, {b: 2}])", "{a: 1, b: 2}"), ("before(1, [2..3])", "true"),
            ("meets([1..5], [5..8])", "true"), ("overlaps([1..5], [5..8])", "true"),
            ("overlaps([1..5], (5..8])", "false"),
            ("during(3, [1..5])", "true"), ("finishes([5..10], [1..10])", "true"), ("coincides(1, 1)", "true"),
            ("is(@\"10:00:00Z\", @\"10:00:00+00:00\")", "true"), ("range(\"[1..3]\")", "[1..3]"),
            ("substring(string: \"abc\", start position: 2)", "\"bc\""), ("abs(1, 2)", "null"), ("abs(x: 1)", "null"),
        ]
    )
    func library(text: String, expected: String) throws {
        #expect(try evaluate(text).description == expected)
    }

    @Test(
        "says where it cannot be read, and what was expected",
        arguments: [
            ("1 +", 1, 4), ("(1", 1, 3), ("if true then 1", 1, 15), ("[1, 2", 1, 6), ("\"abc", 1, 1), ("1 2", 1, 3),
            ("for x return 1", 1, 7), ("1 +\n  * 2", 2, 3), ("", 1, 1), ("{a 1}", 1, 5), ("\"\\u12\"", 1, 6),
            ("5 %", 1, 3),
        ]
    )
    func syntaxErrors(text: String, line: Int, column: Int) throws {
        let error = try #require(throws: FEELError.self) { try evaluate(text) }
        guard case .syntax(_, _, let foundLine, let foundColumn, _) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(foundLine == line)
        #expect(foundColumn == column)
        #expect(error.problem.code == "feel.syntax")
        #expect(!error.problem.cause.zh.isEmpty && !error.problem.cause.en.isEmpty)
    }

    @Test("tells the conditions it joins, with the values they saw")
    func explains() throws {
        let scope = Scope(Self.form)
        let expression = try Expression(
            parsing: "单据类型 = \"差旅费报销\" and 报销金额 > 5000 and (申请人.姓名 = \"李四\" or b = 2)", names: scope.names)
        let findings = try expression.explain(in: scope)
        #expect(findings.map(\.text) == ["单据类型 = \"差旅费报销\"", "报销金额 > 5000", "(申请人.姓名 = \"李四\" or b = 2)"])
        #expect(findings.map(\.holds) == [true, false, true])
        #expect(findings[1].seen == [Finding.Seen(name: "报销金额", value: .number(Decimal34("1234.5") ?? 0))])
        #expect(findings[2].seen.map(\.name) == ["申请人.姓名", "b"])
        #expect(expression.names == ["单据类型", "报销金额", "申请人", "b"])

        let single = try Expression(parsing: "a = 1 and b = 2 or a = 3", names: scope.names)
        #expect(try single.explain(in: scope).map(\.text) == ["a = 1 and b = 2 or a = 3"])
    }

    @Test("writes values that read as the same value")
    func literals() throws {
        let texts = [
            "{a: 1, \"b c\": [true, null, \"x\\\"y\\n\"]}", "@\"2026-03-31T10:00:00.5+08:00\"", "@\"-P1DT2H\"",
            "@\"P1Y2M\"",
            "[1..3)", "[@\"10:00:00\"..@\"12:00:00\"]", "(<10)", "-1.50",
        ]
        for text in texts {
            let value = try evaluate(text)
            #expect(try evaluate(value.description) == value, "\(text)")
        }
    }
}
