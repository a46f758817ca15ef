import Access
import Kernel
import Ledger
import Pipeline
import Rules
import TestSupport
import Testing

@Suite("CompanyDesk")
struct CompanyTests {
    private static let admin = visitor(.admin, in: Book.installation)
    private static let lead = visitor(.lead, in: "C02")
    private static let maker = visitor(.maker, in: "C02")

    private static func visitor(_ role: Role, in book: Book.ID) -> Visitor {
        let person = Person(id: Person.ID(role.rawValue), login: role.rawValue, name: role.rawValue)
        return Visitor(
            person: person, grants: [Grant(person: person.id, role: role, book: book.text)], formToken: "")
    }

    private static func desk(_ office: Office) throws -> CompanyDesk {
        let charts = try ["cas", "small"].map { id in
            ShippedBooks.ChartOfAccounts(
                id: id, title: Phrase(zh: id, en: id),
                chart: try Chart(csv: try Office.text("Charts/chart-of-accounts-\(id).csv"))
            )
        }
        let rules = try ["cas", "small"].map { id in
            ShippedBooks.Rules(
                id: id, title: Phrase(zh: id, en: id), name: id, text: try Office.text("RuleBooks/\(id).yaml")
            )
        }
        return CompanyDesk(
            store: office.store,
            shipped: ShippedBooks(
                charts: charts, ruleBooks: rules,
                check: { texts, chart throws(RuleShelfError) in
                    _ = try RuleShelf(texts, includes: { try Office.text("RuleBooks/" + $0) }, chart: chart)
                }
            ),
            clock: { office.clock.now }, wake: { _ in }
        )
    }

    private static func answers(_ change: (inout CompanyPlan.Answers) -> Void = { _ in }) -> CompanyPlan.Answers {
        var answers = CompanyPlan.Answers()
        (answers.id, answers.name, answers.taxID) = ("C02", "云杉市石桥贸易有限公司", "91330199MA22F6NB3C")
        (answers.standard, answers.firstPeriod) = ("small", "2026-02")
        change(&answers)
        return answers
    }

    @Test("sets a company up with periods, chart and rules, once", arguments: Engine.available)
    func setUp(engine: Engine) async throws {
        try await Office.open(engine) { office in
            let desk = try Self.desk(office)
            let book = try await desk.add(Self.answers(), by: Self.admin)
            #expect(book.settings.needsCashierSignature && book.settings.automaticReviewAuthorisedBy == nil)
            let (periods, accounts, rules) = try await office.store.read("C02") {
                (
                    try $0.ledger.periods(), try $0.masterData.chart().accounts.count,
                    try $0.ruleBooks.published().map(\.name)
                )
            }
            #expect(periods.map(\.period.text) == ["2026-02", "2026-03", "2026-04"])
            #expect(periods.allSatisfy(\.isOpen) && accounts > 100 && rules == ["small"])
            #expect(await problemCode { _ = try await desk.add(Self.answers(), by: Self.admin) } == "company.id_taken")
            #expect(await problemCode { _ = try await desk.add(Self.answers(), by: Self.lead) } == "access.denied")
        }
    }

    @Test("refuses what cannot be a company")
    func refused() async throws {
        let wrong: [(String, (inout CompanyPlan.Answers) -> Void)] = [
            ("company.id_invalid", { $0.id = "C 2" }), ("company.id_invalid", { $0.id = "installation" }),
            ("company.name_invalid", { $0.name = " " }), ("company.tax_id_invalid", { $0.taxID = "1" }),
            ("company.unknown_choice", { $0.standard = "us" }), ("company.unknown_choice", { $0.ruleBook = "x" }),
            ("company.period_invalid", { $0.firstPeriod = "2026-06" }),
            ("company.period_invalid", { $0.firstPeriod = "2024-04" }),
        ]
        try await Office.open(.sqlite) { office in
            let desk = try Self.desk(office)
            for (code, change) in wrong {
                #expect(await problemCode { _ = try await desk.add(Self.answers(change), by: Self.admin) } == code)
            }
            // The rules of one standard name accounts the other's chart does not have.
            #expect(
                await problemCode {
                    _ = try await desk.add(Self.answers { $0.ruleBook = "cas" }, by: Self.admin)
                } != nil
            )
            let books = try await office.store.books().map(\.id)
            #expect(!books.contains("C02"))
        }
    }

    @Test("opens and closes periods in their order, and reopens none", arguments: Engine.available)
    func periods(engine: Engine) async throws {
        try await Office.open(engine) { office in
            let desk = try Self.desk(office)
            _ = try await desk.add(Self.answers(), by: Self.admin)
            let months = try ["2026-02", "2026-03", "2026-05", "2026-06"].map { try #require(Period($0)) }
            try await desk.open(months[2], in: "C02", by: Self.lead)
            try await desk.close(months[0], in: "C02", by: Self.lead)
            for (work, code) in [
                ({ try await desk.close(months[2], in: "C02", by: Self.lead) }, "ledger.period_order"),
                ({ try await desk.open(months[0], in: "C02", by: Self.lead) }, "company.period_closed"),
                ({ try await desk.open(months[3], in: "C02", by: Self.maker) }, "access.denied"),
            ] as [(() async throws -> Void, String)] {
                #expect(await problemCode(work) == code)
            }
        }
    }

    @Test("adds a sub-account where no line and no rule stands on the account above", arguments: Engine.available)
    func accounts(engine: Engine) async throws {
        try await Office.open(engine) { office in
            let desk = try Self.desk(office)
            _ = try await desk.add(Self.answers { $0.ruleBook = "none" }, by: Self.admin)
            func plan(_ parent: String, _ code: String) -> AccountPlan {
                AccountPlan(parent: parent, code: code, name: "工行基本户", dimensions: [])
            }
            let account = try await desk.add(plan("1002", "100201"), in: "C02", by: Self.maker)
            let chart = try await office.store.read("C02") { try $0.masterData.chart() }
            #expect(account.isLeaf && account.isBank && chart["1002"]?.isLeaf == false)
            for (plan, code) in [
                (plan("1002", "100201"), "account.code_taken"), (plan("1002", "1003"), "account.code_invalid"),
                (plan("9999", "999901"), "account.unknown_parent"),
            ] {
                #expect(await problemCode { _ = try await desk.add(plan, in: "C02", by: Self.maker) } == code)
            }
        }
    }
}
