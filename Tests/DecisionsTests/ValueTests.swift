import Decisions
import Kernel
import Testing

@Suite("Value")
struct ValueTests {
    @Test("takes JSON as it is: numbers become numbers, texts stay texts")
    func fromJSON() throws {
        let json = try JSON(parsing: #"{"金额": 1234.50, "日期": "2026-03-31", "明细": [1e2, null, true, {"a": "b"}]}"#)
        let value = Value(json: json)
        #expect(value["金额"]?.number?.text == "1234.50")
        #expect(value["日期"] == "2026-03-31")
        #expect(value["明细"] == [100, nil, true, ["a": "b"]])
        #expect(value.json.text == #"{"金额":1234.50,"日期":"2026-03-31","明细":[100,null,true,{"a":"b"}]}"#)
    }

    @Test("writes dates, times and durations as ISO 8601 in JSON")
    func toJSON() throws {
        let text = "[@\"2026-03-31\", @\"10:00:00+08:00\", @\"2026-03-31T10:00:00\", @\"P1DT1H\", @\"P1Y\", [1..2]]"
        let value = try Expression(parsing: text, names: [String]()).evaluate(in: Scope())
        #expect(
            value.json.text
                == #"["2026-03-31","10:00:00+08:00","2026-03-31T10:00:00","P1DT1H","P1Y","[1..2]"]"#)
    }

    @Test("keeps the entries of a context in their order, however many there are")
    func contexts() {
        var context = Context((0..<30).map { ("k\($0)", Value.number($0)) })
        #expect(context.names == (0..<30).map { "k\($0)" })
        #expect(context["k29"] == 29 && context["k30"] == nil)
        context["k3"] = "x"
        context["k0"] = nil
        #expect(context.names.first == "k1" && context["k3"] == "x" && context["k29"] == 29 && context.count == 29)
    }

    @Test("a scope's inner contexts hide the outer ones, and its names hold those of nested entries")
    func scopes() throws {
        let scope = Scope(["a": 1, "b": ["c d": 2]]).adding(["a": 3])
        #expect(scope["a"] == 3)
        #expect(scope.names == ["a", "b", "c d"])
        #expect(try Expression(parsing: "b.c d + a", names: scope.names).evaluate(in: scope) == 5)
    }

    @Test("functions lent by the caller are called with values, by place or by name")
    func functions() throws {
        let rate = Function(parameters: ["币种", "日期"]) { values throws(FEELError) -> Value in
            values[0] == "USD" ? .number(Decimal34("7.1") ?? 0) : .null
        }
        let body = try Expression(parsing: "x * y", names: ["x", "y"])
        let number = try ValueType(parsing: "number")
        let product = Function(parameters: ["x", "y"], types: [number, number], body: body, scope: Scope())
        let scope = Scope(["汇率": .function(rate), "积": .function(product)])
        func value(_ text: String) throws -> Value {
            try Expression(parsing: text, names: scope.names).evaluate(in: scope)
        }
        #expect(try value("汇率(\"USD\", null) * 100") == 710)
        #expect(try value("汇率(日期: null, 币种: \"USD\")").number?.text == "7.1")
        #expect(try value("汇率(\"USD\")").isNull)
        #expect(try value("积(y: 3, x: [2])") == 6)
        #expect(try value("积(\"a\", 3)").isNull)
    }

    @Test("coerces between an item and a list of it, and to nothing else")
    func types() throws {
        let numbers = try ValueType(parsing: "list<number>")
        #expect(numbers.coerce(5) == [5])
        #expect(numbers.coerce(["a"]) == nil)
        #expect(try ValueType(parsing: "number").coerce([5]) == 5)
        #expect(try ValueType(parsing: "context<a: string>").contains(["a": "x", "b": 1]))
        let surroundings = Surroundings(isInstance: { value, name in name == "t金额" ? value.number != nil : nil })
        #expect(try ValueType(parsing: "t金额").contains(5, surroundings))
        #expect(throws: FEELError.self) { try ValueType(parsing: "list<number") }
    }

    @Test("knows zones only from its surroundings, and the time only if it is told")
    func surroundings() throws {
        let text = "date and time(\"2026-07-01T12:00:00@Europe/Paris\") = @\"2026-07-01T10:00:00Z\""
        let expression = try Expression(parsing: text, names: [String]())
        #expect(try expression.evaluate(in: Scope()).boolean != true)
        let paris = Surroundings(
            now: DateTime(Timestamp(seconds: 0), offsetSeconds: 8 * 3600),
            zoneOffset: { name, _ in name == "Europe/Paris" ? 7200 : nil })
        #expect(try expression.evaluate(in: Scope(surroundings: paris)) == true)
        let now = try Expression(parsing: "string(now())", names: [String]())
        #expect(try now.evaluate(in: Scope(surroundings: paris)) == "1970-01-01T08:00:00+08:00")
        #expect(try now.evaluate(in: Scope()).isNull)
    }
}
