import Foundation
import Kernel
import Pipeline
import Testing

@Suite("DocumentSchema")
struct DocumentSchemaTests {
    static let valid: JSON = [
        "source": ["connector": "g", "tenant": "t", "instance": "i", "revision": 1, "outcome": "approved"],
        "kind": "expense", "title": "张三的报销", "company": ["id": "c", "name": "公司"],
        "applicant": ["id": "u", "name": "张三"], "currency": "CNY", "total": "10.00",
        "submitted_at": "2026-03-01T10:00:00+08:00", "approved_at": "2026-03-02T10:00:00+08:00",
        "items": [["no": 1, "kind": "office", "gross": "10.00", "date": "2026-03-01"]],
        "attachments": [["name": "a.pdf", "media_type": "application/pdf", "url": "https://a.example/a.pdf"]],
    ]

    @Test("takes a valid document")
    func takesValid() throws {
        let schema = try NormaliseFixtures.schema()
        #expect(schema.violations(in: Self.valid).isEmpty)
        #expect(schema.problem(in: Self.valid) == nil)
    }

    struct Change: Sendable {
        let path: String
        let value: JSON
        let pointer: String

        init(_ path: String, _ value: JSON, _ pointer: String) {
            self.path = path
            self.value = value
            self.pointer = pointer
        }

        func apply(to document: JSON) -> JSON {
            let steps = path.split(separator: ".").map(String.init)
            guard steps.count == 2 else { return document.setting(path, value) }
            return document.setting(steps[0], (document[steps[0]] ?? .null).setting(steps[1], value))
        }
    }

    static let changes: [Change] = [
        Change("total", "10.001", "/total"), Change("total", "010.00", "/total"), Change("total", 10, "/total"),
        Change("currency", "JPY", "/total"), Change("currency", "cny", "/currency"), Change("kind", "loan", "/kind"),
        Change("source.revision", 0, "/source/revision"), Change("source.revision", "1", "/source/revision"),
        Change("source.connector", "Ä", "/source/connector"), Change("source.outcome", "paid", "/payment"),
        Change("source.outcome", "withdrawn", "/ended_at"), Change("title", "", "/title"), Change("more", 1, "/more"),
        Change("submitted_at", "2026-02-30T10:00:00+08:00", "/submitted_at"),
        Change("submitted_at", "2026-03-01T10:00Z", "/submitted_at"),
        Change("items", [["no": 1]], "/items/0/kind"),
        Change("items", [["no": 1, "kind": "office", "date": "2026-13-01"]], "/items/0/date"),
        Change("items", [["no": 1, "kind": "office", "currency": "KWD", "gross": "1.0001"]], "/items/0/gross"),
        Change("attachments", [["name": "a", "media_type": "text/plain"]], "/attachments/0"),
        Change("attachments", [["name": "a", "media_type": "text/plain", "url": "a b"]], "/attachments/0/url"),
        Change("cites", [["kind": "voucher"]], "/cites/0"), Change("company", "公司", "/company"),
    ]

    @Test("names the place of each violation", arguments: changes)
    func places(change: Change) throws {
        let violations = try NormaliseFixtures.schema().violations(in: change.apply(to: Self.valid))
        #expect(violations.map(\.pointer).contains(change.pointer), "\(violations)")
    }

    @Test("takes the digits of each currency and no more")
    func digits() throws {
        let schema = try NormaliseFixtures.schema()
        for (currency, total, isValid) in [
            ("CNY", "1.12", true), ("CNY", "1.123", false), ("JPY", "1", true), ("JPY", "1.0", false),
            ("KWD", "1.123", true), ("KWD", "1.1234", false), ("USD", "-0.5", true),
        ] {
            let document = Self.valid.setting("currency", .string(currency)).setting("total", .string(total))
                .setting("items", [])
            #expect(schema.isValid(document) == isValid, "\(currency) \(total)")
        }
    }

    @Test("lists the first five violations in the problem")
    func problem() throws {
        let problem = try #require(NormaliseFixtures.schema().problem(in: ["fields": 1]))
        #expect(problem.code == "document.invalid")
        #expect(problem.cause.en.components(separatedBy: "; ").count == 6)
        #expect(problem.cause.en.hasSuffix("and 4 more."))
    }

    @Test(
        "takes the examples that come with the schema",
        arguments: ["expense-claim", "payment-foreign", "supplier-invoice"])
    func examples(name: String) throws {
        guard let document = try NormaliseFixtures.corpus("reference/document-examples/\(name).json", cases: 1) else {
            return
        }
        #expect(try NormaliseFixtures.schema().violations(in: document).isEmpty)
    }

    @Test(
        "refuses a schema it cannot check whole",
        arguments: [
            (#"{"uniqueItems":true}"#, DocumentSchemaError.unknownKeyword("uniqueItems", pointer: "#/uniqueItems")),
            (##"{"$ref":"#/$defs/none"}"##, .brokenReference("#/$defs/none", pointer: "#/$ref")),
            (#"{"pattern":"\\d+"}"#, .malformed(pointer: "#/pattern", expected: "a pattern of the known kinds")),
        ]
    )
    func unusable(text: String, expected: DocumentSchemaError) throws {
        #expect(throws: expected) { _ = try DocumentSchema(JSON(parsing: text)) }
    }

    @Test("follows a definition that refers to itself")
    func recursion() throws {
        let schema = try DocumentSchema(
            JSON(
                parsing:
                    ##"{"$ref":"#/$defs/a","$defs":{"a":{"type":"object","properties":{"a":{"$ref":"#/$defs/a"}}}}}"##)
        )
        #expect(schema.violations(in: ["a": ["a": 1]]).map(\.pointer) == ["/a/a"])
    }
}
