import Access
package import Kernel
package import Ledger

/// Sets companies up, and keeps their periods and accounts (建账、会计期间、明细科目).
package struct CompanyDesk: Sendable {
    package let shipped: ShippedBooks
    private let store: any BookStore
    private let clock: @Sendable () -> Timestamp
    private let wake: @Sendable (Book.ID) -> Void

    package init(
        store: any BookStore, shipped: ShippedBooks, clock: @escaping @Sendable () -> Timestamp,
        wake: @escaping @Sendable (Book.ID) -> Void
    ) {
        self.store = store
        self.shipped = shipped
        self.clock = clock
        self.wake = wake
    }

    /// The month it is, where companies are set up.
    package var today: Day { Zone.shanghai.day(of: clock()) }

    /// Sets a company up in one unit of its book: its row, open periods, chart and rule book.
    ///
    /// Automatic review is off, whatever the rule book offers.
    package func add(_ answers: CompanyPlan.Answers, by visitor: Visitor) async throws -> Book {
        try visitor.require(.booksAdd, in: Book.installation)
        let plan = try CompanyPlan(answers, shipped: shipped, today: today)
        let rules = plan.rules.map {
            RuleBookText(
                name: $0.name, version: 1, effectiveFrom: Day(number: 0), text: $0.text, state: .published,
                author: "pingqiao", publisher: visitor.person.id.text
            )
        }
        if let rules { try shipped.check([rules], plan.chart.chart) }
        let known = try await store.books()
        guard !known.contains(where: { $0.id == plan.book.id }) else { throw CompanyError.idTaken(plan.book.id) }
        try await store.prepareInstallation(known, by: visitor, at: clock())
        try await store.commit(
            plan.book.id, key: unitKey("company", plan.book.id.text), actor: visitor.person.id.text, at: clock()
        ) { unit in
            // Somebody else may have been quicker; a book that was set up has a period.
            guard try unit.ledger.periods().isEmpty else { throw CompanyError.idTaken(plan.book.id) }
            try unit.setBook(plan.book)
            for period in plan.periods { try unit.ledger.open(period) }
            try unit.masterData.setChart(plan.chart.chart.accounts)
            if let rules { try unit.ruleBooks.add(rules) }
        }
        return plan.book
    }

    /// Opens the next period; cases that waited for it go on.
    package func open(_ period: Period, in book: Book.ID, by visitor: Visitor) async throws {
        try visitor.require(.periodClose, in: book)
        let by = visitor.person.id.text
        try await store.commit(book, key: unitKey("period_open", period.text), actor: by, at: clock()) { unit in
            if let known = try unit.ledger.periods().first(where: { $0.period == period }) {
                guard known.isOpen else { throw CompanyError.periodClosed(period) }
                return
            }
            try unit.ledger.open(period)
            _ = try CaseDesk.resume(codes: ["accounting_date.not_opened"], by: by, reason: "period opened", in: unit)
        }
        wake(book)
    }

    /// Closes the first open period (结账). Vouchers that wait for posting keep it open.
    package func close(_ period: Period, in book: Book.ID, by visitor: Visitor) async throws {
        try visitor.require(.periodClose, in: book)
        try await store.commit(
            book, key: unitKey("period_close", period.text), actor: visitor.person.id.text, at: clock()
        ) { try $0.ledger.close(period) }
    }

    /// Adds an account below another one, which takes no lines from then on (增设明细科目).
    ///
    /// - Throws: `AccountPlanError` when the account above is in use or needed by a rule book.
    package func add(_ plan: AccountPlan, in book: Book.ID, by visitor: Visitor) async throws -> Account {
        try visitor.require(.masterdataEdit, in: book)
        let check = shipped.check
        return try await store.commit(
            book, key: unitKey("account", plan.code), actor: visitor.person.id.text, at: clock()
        ) { unit in
            let (account, accounts) = try plan.added(to: try unit.masterData.chart())
            try plan.requireUnused(in: unit)
            let chart = try Chart(accounts)
            do throws(RuleShelfError) {
                try check(try unit.publishedRules(), chart)
            } catch {
                throw AccountPlanError.neededByRules(plan.parent, error.problem)
            }
            try unit.masterData.setChart(accounts)
            return account
        }
    }
}

extension BookStore {
    /// Sees that the installation's own book is there before anything else is.
    func prepareInstallation(_ known: [Book], by visitor: Visitor, at now: Timestamp) async throws {
        guard !known.contains(where: { $0.id == Book.installation }) else { return }
        try await commit(
            Book.installation, key: unitKey("installation", ""), actor: visitor.person.id.text, at: now
        ) { try $0.setBook(.ofInstallation) }
    }
}

extension Book {
    static let ofInstallation = Book(id: Book.installation, kind: .installation, name: "凭桥")
}

extension Unit {
    fileprivate func publishedRules() throws(RuleShelfError) -> [RuleBookText] {
        do {
            return try ruleBooks.published()
        } catch {
            throw RuleShelfError(problem: JobFault.unexpected("\(type(of: error))").problem)
        }
    }
}
