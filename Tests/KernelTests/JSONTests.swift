import Kernel
import Testing

@Suite("JSON")
struct JSONTests {
    @Test(
        "keeps the text of numbers and the order of members",
        arguments: [
            #"{"b":1234567890123456789.010,"a":[1e3,-0.5,null,true]}"#, #""中\n\"文\u0001""#, "[]", "{}", "0",
        ]
    )
    func roundTrip(text: String) throws {
        #expect(try JSON(parsing: text).text == text)
    }

    @Test(
        "refuses what is not strict JSON",
        arguments: [
            "", "{", "[1,]", "{\"a\":1,}", "01", "1.", "+1", ".5", "NaN", "'a'", "\"\u{1}\"", "[1] x",
            #"{"a":1,"a":2}"#, #""\ud800""#, #""\u0000""#, #""\x""#, "\"a", #""\"#, "nul",
        ]
    )
    func refuses(text: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
    }

    @Test("refuses bytes that are not UTF-8")
    func notUTF8() {
        #expect(throws: JSONError.notUTF8(byte: 1)) { try JSON(parsing: [0x22, 0xD6, 0xD0, 0x22]) }
    }

    @Test("holds its limits, and one less")
    func limits() throws {
        let deep = String(repeating: "[", count: 32) + "1" + String(repeating: "]", count: 32)
        #expect(try JSON(parsing: deep).array?.count == 1)
        #expect(throws: JSONError.self) { try JSON(parsing: "[" + deep + "]") }
        let small = JSON.Limits(bytes: 4)
        #expect(try JSON(parsing: "1234", limits: small) == .number("1234"))
        #expect(throws: JSONError.tooLarge(bytes: 5, limit: 4)) { try JSON(parsing: "12345", limits: small) }
    }

    @Test("reads surrogate pairs")
    func surrogates() throws {
        #expect(try JSON(parsing: #""\ud83d\ude00""#).string == "😀")
    }

    @Test("has one canonical form for every order of members")
    func canonical() throws {
        let one = try JSON(parsing: #"{"b":{"y":1,"x":2},"a":"é"}"#)
        let other = try JSON(parsing: #"{ "a" : "\u00e9", "b" : {"x":2, "y":1} }"#)
        #expect(one.canonical == other.canonical)
        #expect(String(decoding: one.canonical, as: UTF8.self) == #"{"a":"é","b":{"x":2,"y":1}}"#)
    }

    @Test("a problem survives being stored")
    func problem() {
        let problem = MoneyError.notADecimal("x").problem
        #expect(Problem(json: problem.json) == problem)
    }
}
