import Access
import Kernel
import Ledger
import Pipeline
import Storage
import TestSupport
import Testing

@Suite("LedgerRepository")
struct LedgerRepositoryTests {
    @Test("adds up balances in the unit of the posting", arguments: Engine.available)
    func balances(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            try await fixture.commit { unit in
                try unit.filePosted(try Sample.voucher("V1"))
                try unit.filePosted(try Sample.voucher("V2", amount: 20_000))
                let inside = try unit.ledger.movements(through: BookFixture.march)
                #expect(inside.first { $0.account == "1002" }?.credit == 30_000)
            }
            try await fixture.commit { try $0.filePosted(try Sample.voucher("V3", amount: 1_500)) }
            let rows = try await fixture.read { try $0.ledger.movements(through: BookFixture.march) }
            #expect(
                rows == [
                    BalanceRow(
                        period: BookFixture.march, account: "1002", dimensions: .none, currency: .cny, debit: 0,
                        credit: 31_500, originalDebit: 0, originalCredit: 0
                    ),
                    BalanceRow(
                        period: BookFixture.march, account: "660201", dimensions: ["部门": "D10"], currency: .cny,
                        debit: 28_500, credit: 0, originalDebit: 0, originalCredit: 0
                    ),
                    BalanceRow(
                        period: BookFixture.march, account: "660202", dimensions: .none, currency: .usd, debit: 3_000,
                        credit: 0, originalDebit: 420, originalCredit: 0
                    ),
                ]
            )
            #expect(try await fixture.read { try $0.ledger.movements(through: BookFixture.march.previous) } == [])
        }
    }

    @Test("lists the lines of an account and those below it, in posting order", arguments: Engine.available)
    func lines(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            try await fixture.commit { unit in
                for index in 1...3 { try unit.filePosted(try Sample.voucher("V\(index)", day: 9 - index)) }
            }
            let (all, few, none) = try await fixture.read { records in
                (
                    try records.ledger.lines(
                        of: "6602", from: BookFixture.march, through: BookFixture.march, limit: 100
                    ),
                    try records.ledger.lines(of: "6602", from: BookFixture.march, through: BookFixture.march, limit: 3),
                    try records.ledger.lines(
                        of: "1002", from: BookFixture.march.next, through: BookFixture.march.next, limit: 3
                    )
                )
            }
            #expect(
                all.map { "\($0.number.number) \($0.line.account)" } == [
                    "1 660201", "1 660202", "2 660201", "2 660202", "3 660201", "3 660202",
                ])
            #expect(few == Array(all.prefix(3)))
            let voucher = try Sample.voucher("V1")
            #expect(all.first?.line == voucher.lines[0])
            #expect(all.first?.date == Day("2026-03-08"))
            #expect(none.isEmpty)
        }
    }

    @Test("opens and closes periods in order", arguments: Engine.available)
    func periods(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            let march = BookFixture.march
            let before = try await fixture.read { try $0.versions().periods }
            try await fixture.commit { try $0.ledger.open(march) }
            await #expect(throws: PostingError.notInOrder(march.previous)) {
                try await fixture.commit { try $0.ledger.open(march.previous) }
            }
            await #expect(throws: PostingError.notInOrder(march.next.next)) {
                try await fixture.commit { try $0.ledger.open(march.next.next) }
            }
            try await fixture.commit { try $0.ledger.open(march.next) }
            await #expect(throws: PostingError.notInOrder(march.next)) {
                try await fixture.commit { try $0.ledger.close(march.next) }
            }
            try await fixture.commit { _ = try $0.vouchers.file(Sample.record(try Sample.voucher("V1"))) }
            await #expect(throws: PostingError.unpostedVouchers(march, count: 1)) {
                try await fixture.commit { try $0.ledger.close(march) }
            }
            try await fixture.commit { unit in
                let draft = try #require(try unit.vouchers.find("V1"))
                try unit.vouchers.discard(draft, from: draft.version, reason: "test")
                try unit.ledger.close(march)
            }
            let (periods, after) = try await fixture.read { (try $0.ledger.periods(), try $0.versions().periods) }
            #expect(
                periods == [
                    PeriodRecord(period: march, isOpen: false), PeriodRecord(period: march.next, isOpen: true),
                ])
            #expect(after == before + 2)
            try await fixture.commit { try $0.ledger.open(march) }
            let areOpen = try await fixture.read { try $0.ledger.periods().allSatisfy(\.isOpen) }
            #expect(areOpen)
        }
    }

    @Test("keeps open items with what is left of them", arguments: Engine.available)
    func openItems(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            @Sendable func move(_ voucher: Voucher.ID, _ number: String, _ amount: Int64, day: Int = 1)
                -> OpenItemMovement
            {
                OpenItemMovement(
                    voucher: voucher, account: "1002", party: "E1", number: number,
                    date: Day(number: BookFixture.march.firstDay.number + day - 1),
                    amount: Money(minorUnits: amount, .cny)
                )
            }
            func items() async throws -> [String] {
                try await fixture.read { try $0.ledger.openItems(account: "1002", party: "E1") }
                    .map { "\($0.number) \($0.date) \($0.balance.minorUnits)" }
            }
            try await fixture.commit { unit in
                try unit.ledger.settle(move("V1", "N2", 500, day: 2))
                try unit.ledger.settle(move("V2", "N1", 300))
                try unit.ledger.settle(move("V3", "N2", -200, day: 5))
                try unit.ledger.settle(move("V3", "N1", -300))
            }
            #expect(try await items() == ["N2 2026-03-02 300"])
            try await fixture.commit { try $0.ledger.release(voucher: "V3") }
            #expect(try await items() == ["N1 2026-03-01 300", "N2 2026-03-02 500"])
            try await fixture.commit { try $0.ledger.release(voucher: "V3") }
            #expect(try await fixture.read { try $0.ledger.openItems(account: "1002", party: nil).count } == 2)
            #expect(try await fixture.read { try $0.ledger.openItems(account: "1002", party: "E2") } == [])
        }
    }
}

@Suite("MasterDataRepository")
struct MasterDataRepositoryTests {
    @Test("keeps chart, items, mappings and rule books, and raises the versions", arguments: Engine.available)
    func keeps(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            let start = try await fixture.read { try $0.versions() }
            let item = MasterItem(dimension: "部门", code: "D10", name: "研发", attributes: ["family": "rd"])
            let mapping = PartyMapping(connector: "g", dimension: "部门", vendorID: "1", code: "D10")
            let draft = RuleBookText(
                name: "expense", version: 1, effectiveFrom: Day("2026-01-01")!, text: "a", state: .draft,
                author: "zhang", publisher: nil
            )
            let published = RuleBookText(
                name: "expense", version: 1, effectiveFrom: Day("2026-01-01")!, text: "b", state: .published,
                author: "zhang", publisher: "wang"
            )
            try await fixture.commit { unit in
                try unit.masterData.set(item)
                try unit.masterData.set(mapping)
                try unit.ruleBooks.add(draft)
                try unit.ruleBooks.add(published)
                #expect(try unit.versions().masterData == start.masterData + 2)
            }
            let (chart, items, mappings, books, versions) = try await fixture.read {
                (
                    try $0.masterData.chart(), try $0.masterData.items(), try $0.masterData.mappings(),
                    try $0.ruleBooks.published(), try $0.versions()
                )
            }
            let expected = try Chart(Sample.accounts)
            #expect(chart == expected)
            #expect(items == [item] && mappings == [mapping] && books == [published])
            #expect(versions.masterData == start.masterData + 2 && versions.ruleBooks == start.ruleBooks + 2)
            #expect(versions.periods == start.periods)
            // A published text never changes; its state may.
            await #expect(throws: PreparedOnOldState.self) {
                try await fixture.commit { try $0.ruleBooks.add(draft) }
            }
        }
    }

    @Test("refuses accounts that are no chart before anything is written", arguments: Engine.available)
    func refusesCharts(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            await #expect(throws: ChartError.self) {
                try await fixture.commit { try $0.masterData.setChart(Array(Sample.accounts.suffix(2))) }
            }
            let count = try await fixture.read { try $0.masterData.chart().accounts.count }
            #expect(count == Sample.accounts.count)
        }
    }

    @Test("knows its books", arguments: Engine.available)
    func books(engine: Engine) async throws {
        try await withBooks(engine) { fixture in
            let changed = Book(
                id: BookFixture.book, kind: .company, name: "新名", taxID: "91310000MA1FL0000X", standard: "small",
                taxpayer: "小规模纳税人", words: "收付转", kept: .outside,
                settings: Book.Settings(
                    needsCashierSignature: false, automaticReviewAuthorisedBy: "wang",
                    automaticReviewCeiling: 5, postsAutomatically: true, rules: ["closed_period": "next"])
            )
            try await fixture.commit { try $0.setBook(changed) }
            try await fixture.commit(book: Book.inbox(of: "g")) {
                try $0.setBook(Book(id: Book.inbox(of: "g"), kind: .inbox, name: "inbox"))
            }
            #expect(try await fixture.read { try $0.settings() } == changed)
            #expect(try await fixture.books.books().map(\.id) == [BookFixture.book, Book.inbox(of: "g")])
            await #expect(throws: BookError.unknown("none")) {
                _ = try await fixture.read(book: "none") { try $0.settings() }
            }
        }
    }
}
