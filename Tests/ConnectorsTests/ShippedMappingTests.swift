import Connectors
import Kernel
import Pipeline
import Testing

@Suite("The mappings that ship")
struct ShippedMappingTests {
    struct Expectation: Sendable {
        let file: String
        let kind: String
        let total: String
        let gross: [String]
    }

    static let expense = ["2150.00", "86.50", "1250.00"]

    @Test(
        "make valid documents of every platform's payloads, with the amounts of the source",
        arguments: [
            Expectation(file: "feishu/instance_expense", kind: "expense", total: "3486.50", gross: expense),
            Expectation(
                file: "feishu/instance_payment", kind: "payment", total: "128765.43", gross: ["128765.43"]),
            Expectation(
                file: "feishu/instance_purchase", kind: "purchase_order", total: "58000.00",
                gross: ["3800.00", "2000.00", "52200.00"]),
            Expectation(file: "feishu/instance_travel", kind: "travel_request", total: "5000.00", gross: ["5000.00"]),
            Expectation(file: "wecom/detail_expense", kind: "expense", total: "3486.50", gross: expense),
            Expectation(file: "wecom/detail_payment", kind: "payment", total: "128765.43", gross: ["128765.43"]),
            Expectation(
                file: "wecom/detail_purchase", kind: "purchase_order", total: "58000.00",
                gross: ["3800.00", "2000.00", "52200.00"]),
            Expectation(file: "wecom/detail_travel", kind: "travel_request", total: "5000.00", gross: ["5000.00"]),
        ]
    )
    func corpus(expected: Expectation) throws {
        let platform = String(expected.file.prefix { $0 != "/" })
        guard let answer = try ConnectorsFixtures.corpus("oa/\(expected.file).json", cases: 1) else { return }
        let payload = try #require(Platform.all.first { $0.id == platform }).payload(answer)
        let mapping = try ConnectorsFixtures.json("Mappings/\(platform).json")
        let result = try normalise(platform: platform, payload: payload, mapping: mapping)
        #expect(result.problems.isEmpty)
        #expect(result.unmapped.isEmpty)
        let schema = try DocumentSchema(ConnectorsFixtures.json("Schemas/document.schema.json"))
        #expect(schema.violations(in: result.document).isEmpty)
        #expect(result.document["kind"]?.string == expected.kind)
        #expect(result.document["total"]?.string == expected.total)
        #expect(result.document["items"]?.array?.map { $0["gross"]?.string } == expected.gross)
        #expect((result.document["trail"]?.array?.count ?? 0) >= 2)
    }
}
