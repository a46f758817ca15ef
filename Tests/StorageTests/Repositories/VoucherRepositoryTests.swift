import Access
import Kernel
import Ledger
import Pipeline
import Storage
import TestSupport
import Testing

@Suite("VoucherRepository")
struct VoucherRepositoryTests {
    @Test("reads back a draft as it was filed, with its reference", arguments: Engine.available)
    func files(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            let draft = Sample.record(try Sample.voucher("V1", caseID: "C1"), state: .pending, caseID: "C1")
            let filed = try await fixture.commit { try $0.vouchers.file(draft) }
            #expect(filed.reference.number == 1)
            #expect(filed.voucher == draft.voucher)
            let (found, ofCase) = try await fixture.read {
                (try $0.vouchers.find("V1"), try $0.vouchers.vouchers(of: "C1"))
            }
            #expect(found == filed)
            #expect(ofCase == [filed])
        }
    }

    @Test("posts with numbers from 1 and reads back the same voucher", arguments: Engine.available)
    func posts(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            let posted = try await fixture.commit { unit in
                try (1...3).map { try unit.filePosted(try Sample.voucher("V\($0)")) }
            }
            #expect(posted.map { $0.number?.text } == ["记-1", "记-2", "记-3"])
            let found = try await fixture.read { records in try posted.map { try records.vouchers.find($0.voucher.id) }
            }
            #expect(found == posted.map { $0 })
            let (last, all) = try await fixture.read { records in
                (
                    try records.ledger.lastNumber(of: .init(period: BookFixture.march, word: .general)),
                    try records.ledger.posted(in: BookFixture.march)
                )
            }
            #expect(last == 3)
            #expect(all == posted)
            #expect(try await fixture.store.integers("SELECT count(*) FROM drafts") == [0])
        }
    }

    @Test("gives a number back with the unit that failed", arguments: Engine.available)
    func givesNumbersBack(engine: Engine) async throws {
        struct Refusal: Error {}
        try await withBooks(engine) { fixture in
            await #expect(throws: Refusal.self) {
                try await fixture.commit { unit in
                    try unit.filePosted(try Sample.voucher("V1"))
                    throw Refusal()
                }
            }
            let posted = try await fixture.commit { try $0.filePosted(try Sample.voucher("V2")) }
            #expect(posted.number?.number == 1)
        }
    }

    @Test("refuses a change prepared on another version", arguments: Engine.available)
    func refusesOldVersions(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            let filed = try await fixture.commit { try $0.vouchers.file(Sample.record(try Sample.voucher("V1"))) }
            await #expect(throws: PreparedOnOldState.self) {
                try await fixture.commit { try $0.vouchers.update(filed, from: 7) }
            }
            await #expect(throws: PreparedOnOldState.self) {
                try await fixture.commit { _ = try $0.vouchers.post(try Sample.posted(filed), from: 7) }
            }
            await #expect(throws: PreparedOnOldState.self) {
                try await fixture.commit { try $0.vouchers.discard(filed, from: 7, reason: "test") }
            }
            await #expect(throws: PreparedOnOldState.self) {
                let other = Sample.record(try Sample.voucher("V2"), key: filed.postingKey)
                try await fixture.commit { _ = try $0.vouchers.file(other) }
            }
            #expect(try await fixture.read { try $0.vouchers.find("V1") } == filed)
        }
    }

    @Test("refuses a closed period and one that was never opened", arguments: Engine.available)
    func refusesClosedPeriods(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            await #expect(throws: PostingError.periodClosed("V1", BookFixture.march.next)) {
                try await fixture.commit { try $0.filePosted(try Sample.voucher("V1", month: 4)) }
            }
            try await fixture.commit { try $0.ledger.close(BookFixture.march) }
            await #expect(throws: PostingError.periodClosed("V2", BookFixture.march)) {
                try await fixture.commit { try $0.filePosted(try Sample.voucher("V2")) }
            }
        }
    }

    @Test("reverses a voucher once", arguments: Engine.available)
    func reversesOnce(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            try await fixture.commit { unit in
                try unit.filePosted(try Sample.voucher("V1"))
                try unit.filePosted(try Sample.voucher("V2", amount: 20_000, reverses: "V1"))
            }
            let (original, reversal) = try await fixture.read {
                (try $0.vouchers.find("V1"), try $0.vouchers.reversal(of: "V1"))
            }
            #expect(original?.standing.reversedBy == "V2")
            #expect(reversal?.voucher.id == "V2")
            await #expect(throws: PostingError.alreadyReversed("V1")) {
                try await fixture.commit { try $0.filePosted(try Sample.voucher("V3", reverses: "V1")) }
            }
        }
    }

    @Test("lists unposted vouchers, then posted ones, page by page", arguments: Engine.available)
    func pages(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            try await fixture.commit { unit in
                for index in 1...5 { try unit.filePosted(try Sample.voucher("P\(index)", day: index)) }
                for index in 1...4 {
                    _ = try unit.vouchers.file(
                        Sample.record(try Sample.voucher("D\(index)"), state: index == 2 ? .draft : .pending)
                    )
                }
            }
            #expect(
                try await pages(fixture) { VoucherQuery(limit: 2, cursor: $0) }
                    == ["D4", "D3", "D2", "D1", "P5", "P4", "P3", "P2", "P1"])
            #expect(
                try await pages(fixture) { VoucherQuery(states: [.posted], limit: 2, cursor: $0) }
                    == ["P5", "P4", "P3", "P2", "P1"])
            #expect(try await pages(fixture) { VoucherQuery(states: [.pending], cursor: $0) } == ["D4", "D3", "D1"])
            #expect(
                try await pages(fixture) { VoucherQuery(states: [.posted], account: "6602", limit: 2, cursor: $0) }
                    == ["P5", "P4", "P3", "P2", "P1"])
            #expect(try await pages(fixture) { VoucherQuery(account: "1001", cursor: $0) } == [])
            #expect(try await pages(fixture) { VoucherQuery(text: "费 p3", cursor: $0) } == ["P3"])
        }
    }

    private func pages(_ fixture: BookFixture, _ query: @Sendable (String?) -> VoucherQuery) async throws -> [String] {
        var ids: [String] = []
        var cursor: String?
        repeat {
            let asked = query(cursor)
            let page = try await fixture.read { try $0.vouchers.page(asked) }
            ids += page.items.map(\.voucher.id.text)
            cursor = page.next
        } while cursor != nil
        return ids
    }

    @Test("names ready vouchers in posting order", arguments: Engine.available)
    func readies(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            try await fixture.commit { unit in
                for (id, day) in [("A", 9), ("B", 2), ("C", 9)] {
                    _ = try unit.vouchers.file(Sample.record(try Sample.voucher(id, day: day)))
                }
                _ = try unit.vouchers.file(Sample.record(try Sample.voucher("D", day: 1), state: .pending))
            }
            let ready = try await fixture.read { try $0.vouchers.ready(in: BookFixture.march, limit: 10) }
            #expect(ready.map(\.voucher.id.text) == ["B", "A", "C"])
        }
    }

    @Test("logs what happened to a voucher", arguments: Engine.available)
    func logs(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            try await fixture.commit { unit in
                let filed = try unit.vouchers.file(Sample.record(try Sample.voucher("V1"), state: .pending))
                let approved = VoucherRecord(
                    voucher: filed.voucher, standing: try filed.standing.applying(.approve, by: "wang"),
                    reference: filed.reference, caseID: nil, run: nil, postingKey: filed.postingKey,
                    needsCashier: false, createdAt: .test, version: 2
                )
                try unit.vouchers.update(approved, from: 1)
                _ = try unit.vouchers.post(try Sample.posted(approved), from: 2)
            }
            let entries = try await fixture.read { try $0.log.entries(subject: "voucher:V1", limit: 10) }
            #expect(entries.map(\.entry.kind) == ["voucher.drafted", "voucher.approved", "voucher.posted"])
            #expect(entries.last?.entry.body["number"] == "记-1")
            #expect(try entries.last?.entry.body["voucher"]?.canonical == Sample.voucher("V1").json.canonical)
        }
    }
}
