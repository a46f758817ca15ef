import Foundation
import Kernel
import Pipeline
import Testing

@Suite("DocumentSchema beside another validator")
struct DocumentSchemaPeerTests {
    private static let count = 3_000

    @Test("says of thousands of changed documents what Python's jsonschema says")
    func peer() throws {
        guard let probe = try? Self.run("import jsonschema", input: ""), probe.status == 0 else {
            print("skipped \(Self.count) cases: python3 with jsonschema is not installed")
            return
        }
        let names = ["expense-claim", "payment-foreign", "supplier-invoice"]
        var bases = [DocumentSchemaTests.valid]
        for name in names {
            if let document = try NormaliseFixtures.corpus(
                "reference/document-examples/\(name).json", cases: Self.count / 4)
            {
                bases.append(document)
            }
        }
        var chance = Chance(state: 20_260_301)
        let documents = (0..<Self.count).map { index in Self.change(bases[index % bases.count], &chance, index % 3) }
        let schema = try DocumentSchema(NormaliseFixtures.json("Schemas/document.schema.json"), assertsFormats: false)
        let path = NormaliseFixtures.root.appending(path: "Schemas/document.schema.json").path
        let script = """
            import json, sys
            from jsonschema import Draft202012Validator
            validator = Draft202012Validator(json.load(open(\(JSON.string(path).text))))
            print(json.dumps([validator.is_valid(d) for d in json.load(sys.stdin)]))
            """
        let result = try Self.run(script, input: JSON.array(documents).text)
        let verdicts = try #require(
            try JSON(parsing: result.output.trimmingCharacters(in: .whitespacesAndNewlines)).array)
        try #require(verdicts.count == documents.count)
        var valid = 0
        for (document, verdict) in zip(documents, verdicts) {
            let violations = schema.violations(in: document)
            #expect(violations.isEmpty == verdict.bool, "\(violations)\n\(document.text.prefix(2_000))")
            #expect(schema.isValid(document) == violations.isEmpty)
            if violations.isEmpty { valid += 1 }
        }
        #expect((100...(Self.count - 100)).contains(valid))
        print("compared \(documents.count) documents, \(valid) of them valid")
    }

    /// Chance that is the same in every run.
    private struct Chance {
        var state: UInt64

        mutating func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % max(limit, 1)
        }
    }

    private static let values: [JSON] = [
        "", "abc", "张三", "1", "0", "-0", "-0.00", "1.2", "1.23", "1.234", "1.2345", "01.00", "1e3", "1,000.00", ".5",
        "5.",
        "999999999999999.99", "1000000000000000.00", "CNY", "JPY", "KWD", "USD", "cny", "2026-03-01", "2026-3-1",
        "2026-03-01T10:00:00+08:00", "2026-03-01T10:00:00Z", "2026-03-01T10:00:00.123456789Z", "2026-03-01 10:00:00",
        "approved", "paid", "withdrawn", "amended", "expense", "voucher", "rail", "in", "cash", "0.13", "1.0",
        "0.13456",
        "application/pdf", "Application/PDF", "https://a.example/x", "AAAA", "A===",
        "0eb92c576e640b03d843314606dddceda31586e92747ddbebd4d313df63cfbaf", .string(String(repeating: "长", count: 64)),
        .string(String(repeating: "长", count: 129)), .string(String(repeating: "x", count: 501)), .null, true, 0, 1, -1,
        7,
        [], [1], .object([JSON.Member]()), ["id": "a", "name": "b"], ["number": "1"],
        ["kind": "voucher", "number": "1"],
    ]

    private static func change(_ base: JSON, _ chance: inout Chance, _ times: Int) -> JSON {
        var document = base
        for _ in 0...times { document = changeOnce(document, &chance) }
        return document
    }

    private static func changeOnce(_ json: JSON, _ chance: inout Chance) -> JSON {
        switch json {
        case .object(var members):
            let index = chance.below(members.count)
            switch chance.below(8) {
            case 0 where !members.isEmpty: members.remove(at: index)
            case 1:
                let names = ["more", "net", "number", "url", "payment", "currency", "paid_at", "code", "ended_at"]
                let name = names[chance.below(names.count)]
                if json[name] == nil { members.append(JSON.Member(name, values[chance.below(values.count)])) }
            case 2 where !members.isEmpty:
                members[index] = JSON.Member(members[index].name, values[chance.below(values.count)])
            default:
                guard !members.isEmpty else { return json }
                members[index] = JSON.Member(members[index].name, changeOnce(members[index].value, &chance))
            }
            return .object(members)
        case .array(var elements):
            guard !elements.isEmpty else { return [values[chance.below(values.count)]] }
            let index = chance.below(elements.count)
            switch chance.below(5) {
            case 0: elements.remove(at: index)
            case 1: elements.append(elements[index])
            default: elements[index] = changeOnce(elements[index], &chance)
            }
            return .array(elements)
        default: return values[chance.below(values.count)]
        }
    }

    private static func run(_ script: String, input: String) throws -> (status: Int32, output: String) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "pingqiao-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "input.json")
        try Data(input.utf8).write(to: file)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-W", "ignore", "-c", script]
        process.standardInput = try FileHandle(forReadingFrom: file)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}
