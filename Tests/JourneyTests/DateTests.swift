import Kernel
import Ledger
import Pipeline
import TestSupport
import Testing

@Suite("The accounting date")
struct DateTests {
    @Test(
        "is the day of approval in the book's zone",
        arguments: [
            ("2026-03-31T15:59:59Z", "2026-03-31", ["2026-03", "2026-04"]),
            ("2026-03-31T16:30:00Z", "2026-04-01", ["2026-03", "2026-04"]),
            ("2026-04-01T00:30:00+08:00", "2026-04-01", ["2026-03", "2026-04"]),
            ("2026-12-31T16:30:00Z", "2027-01-01", ["2026-12", "2027-01"]),
            ("2026-12-31T15:30:00Z", "2026-12-31", ["2026-12"]),
            ("2028-02-29T04:00:00Z", "2028-02-29", ["2028-02"]),
            ("2028-02-29T16:00:00Z", "2028-03-01", ["2028-02", "2028-03"]),
        ]
    )
    func day(_ approved: String, _ day: String, _ periods: [String]) async throws {
        let now = Timestamp.at(approved).adding(seconds: 600).text
        try await Office.open(.sqlite, at: now, company: TestCompany(periods: periods)) { office in
            try await office.deliver(Form.expense("BX-1", "86.00", kind: "taxi").with { $0.approvedAt = approved })
            let voucher = try await office.voucher(of: "BX-1")
            #expect(voucher.voucher.date.text == day)
            #expect(voucher.state == .posted)
            #expect(voucher.number?.period.text == String(day.prefix(7)))
        }
    }

    @Test(
        "is the first open day when the month of approval is closed, and the voucher says so",
        arguments: Engine.available)
    func closed(_ engine: Engine) async throws {
        try await Office.open(engine) { office in
            try await office.set("2026-03", isOpen: false)
            try await office.deliver(
                Form.expense("BX-1", "86.00", kind: "taxi").with { $0.approvedAt = "2026-03-20T02:00:00Z" }
            )
            let voucher = try await office.voucher(of: "BX-1")
            #expect(voucher.voucher.date.text == "2026-04-01")
            #expect(voucher.voucher.summary.contains("2026-03-20"))
        }
    }

    @Test(
        "of an earlier fiscal year, or of a day to come, holds",
        arguments: [
            ("2025-12-30T02:00:00Z", "rules.earlier_year"), ("2026-04-20T02:00:00Z", "ledger.future_date"),
        ])
    func held(_ approved: String, _ code: String) async throws {
        try await Office.open(.sqlite) { office in
            try await office.deliver(Form.expense("BX-1", "86.00", kind: "taxi").with { $0.approvedAt = approved })
            let claim = try await office.theCase("BX-1")
            #expect(claim.state == .held)
            #expect(claim.problem?.code == code)
            #expect(try await office.vouchers().isEmpty)
        }
    }

    @Test("never lies in a closed month, whoever closes it meanwhile", arguments: Engine.available)
    func closing(_ engine: Engine) async throws {
        try await Office.open(engine, company: .byHand) { office in
            for number in 1...4 {
                try await office.deliver(
                    Form.expense("BX-\(number)", "86.00", kind: "taxi").with { $0.approvedAt = "2026-03-20T02:00:00Z" }
                )
            }
            let pending = try await office.vouchers(.pending)
            for voucher in pending { try await office.act(.approve, on: voucher, by: .reviewer) }
            // Closing is refused while one of them waits.
            await #expect(throws: PostingError.self) { try await office.set("2026-03", isOpen: false) }
            async let closed: Void? = try? office.set("2026-03", isOpen: false)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for voucher in pending {
                    group.addTask { _ = try? await office.act(.post, on: voucher, by: .poster) }
                }
                try await group.waitForAll()
            }
            _ = await closed
            try? await office.set("2026-03", isOpen: false)
            #expect(try await office.vouchers(.posted).count == 4)
            let numbers = try await office.vouchers(.posted).compactMap { $0.number?.number }.sorted()
            #expect(numbers == [1, 2, 3, 4])
            // After closing nothing gets in: neither a new case nor a red voucher.
            try await office.deliver(
                Form.expense("BX-9", "86.00", kind: "taxi").with { $0.approvedAt = "2026-03-21T02:00:00Z" }
            )
            let red = try await office.vouchers.reverse(
                pending[0].voucher.id, in: TestCompany.id, by: .lead, reason: "误记"
            )
            #expect(red.voucher.date.text == "2026-04-15")
            try await office.work()
            let march = try await office.vouchers(.posted).filter { $0.voucher.date.text < "2026-04" }
            #expect(march.count == 4)
        }
    }
}
