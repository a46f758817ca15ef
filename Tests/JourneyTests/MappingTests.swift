import Access
import Connectors
import Kernel
import Ledger
import Pipeline
import TestSupport
import Testing

@Suite("A mapping")
struct MappingTests {
    private static func without(_ member: String, of mapping: JSON) -> JSON {
        .object((mapping.members ?? []).filter { $0.name != member }.map { ($0.name, $0.value) })
    }

    @Test("is tried on what came, and wakes what waited for it once it is in use", arguments: Engine.available)
    func change(_ engine: Engine) async throws {
        let fake = try await FakeDingTalk.start()
        DingTalkForm(invoice: Invoice(1, net: 1000_00, percent: 6)).put(into: fake)
        let shipped = try Office.json("Mappings/dingtalk.json")
        // Without its rules for lines the mapping takes no amount of the form's table.
        let broken = Self.without("items", of: shipped)
        do {
            try await Office.open(engine, company: .byHand) { office in
                try await office.connect(fake)
                let id = DingTalkForm.connector
                let desk = office.integrations
                _ = try await desk.setMapping(broken, of: id, by: .admin)
                try await office.call()
                try await office.settle(minutes: 2)
                let held = try await office.theCase("DD-1")
                #expect(held.state == .held && held.step == .normalise)
                let key = try await office.store.read(Book.inbox(of: id)) {
                    try #require(try $0.inbox.page(limit: 1, cursor: nil).items.first).key
                }
                let bad = try await desk.trial(of: nil, on: .delivery(key), connector: id, by: .admin)
                let good = try await desk.trial(of: shipped, on: .delivery(key), connector: id, by: .admin)
                #expect(bad.problems.map(\.code).first == held.problem?.code)
                #expect(good.problems.isEmpty && good.document?["number"] == "DD-1")
                #expect(try await office.theCase("DD-1") == held, "a trial changes nothing")
                for (mapping, visitor, expected) in [
                    (shipped, Visitor.lead, "access.denied"),
                    (try Office.json("Mappings/feishu.json"), .admin, "mapping.invalid"),
                    (["format": "pingqiao.mapping/2"], .admin, "mapping.invalid"),
                ] {
                    let found = await problemCode { _ = try await desk.setMapping(mapping, of: id, by: visitor) }
                    #expect(found == expected)
                }
                let setting = try await desk.setMapping(shipped, of: id, by: .admin)
                #expect(setting.mappingVersion == 3)
                try await office.settle(minutes: 5)
                #expect(try await office.voucher(of: "DD-1").state == .pending)
                #expect(try await office.theCase("DD-1").run == 2)
                #expect(try await office.openJobs() == [])
                let generic = await problemCode {
                    _ = try await desk.setMapping(shipped, of: TestCompany.connector, by: .admin)
                }
                #expect(generic == "integration.takes_no_mapping")
            }
        } catch {
            try await fake.stop()
            throw error
        }
        try await fake.stop()
    }
}
