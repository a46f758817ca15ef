import Access
import Connectors
import Cryptography
import Jobs
import Kernel
import Ledger
import Pipeline
import TestSupport
import Testing

extension Office {
    /// Delivers a form as its OA would: signed, over the connector's own door.
    ///
    /// - Parameter id: The message's name; another one for each sending where none is given.
    @discardableResult
    func send(_ form: Form, id: String? = nil) async throws -> InboundAnswer {
        try await send(form.json, id: id)
    }

    @discardableResult
    func send(
        _ document: JSON, id: String? = nil, connector: String = TestCompany.connector,
        secret: String = TestCompany.secret
    ) async throws -> InboundAnswer {
        let webhook = try #require(StandardWebhook(secrets: [secret]))
        var headers = ["content-type": "application/json"]
        for (name, value) in webhook.headers(id: id ?? "msg_" + randomBytes(8).hex, body: document.utf8, now: clock.now)
        {
            headers[name] = value
        }
        return try await reception.receive(
            InboundRequest(method: "POST", headers: headers, query: [:], body: document.utf8),
            for: connector
        )
    }

    /// Lets the worker do everything that is due.
    func settle() async throws {
        while try await worker.round() > 0 {}
    }

    /// Lets the worker do what is due now and what falls due in the next while, a minute at a time.
    func settle(minutes: Int) async throws {
        try await settle()
        for _ in 0..<minutes {
            clock.advance(seconds: 60)
            try await settle()
        }
    }

    func deliver(_ forms: Form...) async throws {
        for form in forms {
            try await send(form)
            try await settle()
        }
    }

    /// Reviewer, cashier and poster go through their queues, each with no more than their own rights.
    func work() async throws {
        for record in try await vouchers(.pending) {
            _ = try await act(.approve, on: record, by: .reviewer)
        }
        for record in try await vouchers(.approved) where record.needsCashier && record.standing.cashier == nil {
            _ = try await act(.signAsCashier, on: record, by: .cashier)
        }
        try await settle()
        for record in try await vouchers(.approved) { _ = try await act(.post, on: record, by: .poster) }
        try await settle()
    }

    @discardableResult
    func act(_ act: VoucherAct, on record: VoucherRecord, by visitor: Visitor) async throws -> VoucherRecord {
        try await vouchers.act(act, on: record.voucher.id, in: TestCompany.id, by: visitor)
    }

    /// The code of the problem with which an act is refused; `nil` when it goes through.
    func refusal(of act: VoucherAct, on record: VoucherRecord, by visitor: Visitor) async throws -> String? {
        do {
            _ = try await self.act(act, on: record, by: visitor)
            return nil
        } catch let error as any Explainable {
            return error.problem.code
        }
    }

    /// Opens or closes a month.
    func set(_ month: String, isOpen: Bool) async throws {
        let period = try #require(Period(month))
        try await store.commit(TestCompany.id, key: unitKey("period", month), actor: "lead", at: clock.now) { unit in
            if isOpen { try unit.ledger.open(period) } else { try unit.ledger.close(period) }
        }
    }
}

extension Office {
    func read<Answer: Sendable>(_ work: @escaping @Sendable (any Records) throws -> Answer) async throws -> Answer {
        try await store.read(TestCompany.id, work)
    }

    /// Every case of the company, in the order in which they came.
    func allCases() async throws -> [Case] {
        try await read { try $0.cases.page(CaseQuery(limit: 200)).items.reversed() }
    }

    /// The case of a form by what people call it, and its revision; the one in conflict is not meant.
    func theCase(_ name: String, revision: Int = 1) async throws -> Case {
        try #require(
            try await allCases().first { $0.name == name && $0.revision == revision && $0.state != .conflict },
            "no case \(name), revision \(revision)"
        )
    }

    func vouchers(_ states: VoucherState...) async throws -> [VoucherRecord] {
        try await read { try $0.vouchers.page(VoucherQuery(states: states, limit: 200)).items.reversed() }
    }

    func vouchers(of theCase: Case) async throws -> [VoucherRecord] {
        try await read { try $0.vouchers.vouchers(of: theCase.id) }
    }

    /// The one voucher of a case that stands.
    func voucher(of name: String, revision: Int = 1) async throws -> VoucherRecord {
        let all = try await vouchers(of: try await theCase(name, revision: revision)).filter { $0.state != .discarded }
        #expect(all.count == 1, "case \(name) has \(all.count) vouchers")
        return try #require(all.first)
    }

    /// What is on the books: account, dimensions and the balance of all months, without what is even.
    func balances() async throws -> [String: Int64] {
        try await read { records in
            let last = try #require(Period("2099-12"))
            return try records.ledger.movements(through: last).reduce(into: [String: Int64]()) { sums, row in
                sums["\(row.account.text) \(row.dimensions.key)", default: 0] += row.debit - row.credit
            }.filter { $0.value != 0 }
        }
    }

    /// Who books an invoice at present.
    func users(of invoices: Invoice...) async throws -> [Case.ID] {
        let keys = invoices.map(\.number)
        return try await read { try $0.evidence.uses(of: keys).filter { $0.role == .recognise }.map(\.caseID) }
    }

    func deadLetters(_ book: Book.ID = TestCompany.id) async throws -> Int {
        try await store.read(book) { try $0.jobs.deadLetters(limit: 100).count }
    }

    /// The jobs that have not ended, of the company and of its inbox, each with what keeps it.
    func openJobs() async throws -> [String] {
        var open: [String] = []
        for book in [TestCompany.id, Book.inbox(of: TestCompany.connector)] {
            open += try await store.read(book) { records in
                let far = Timestamp.at("2099-01-01T00:00:00Z")
                return try records.jobs.due(at: far, limit: 1000).map {
                    "\($0.kind) \($0.subject): \($0.lastProblem?.code ?? "-") \($0.lastProblem?.cause.en ?? "")"
                }
            }
        }
        return open
    }
}

extension VoucherRecord {
    /// The lines in one text each: `借 660201 部门=D10 1000.00`.
    var lines: [String] {
        voucher.lines.map { line in
            let side = line.side == .debit ? "借" : "贷"
            return [side, line.account.text, line.dimensions.key, line.amount.text].filter { !$0.isEmpty }
                .joined(separator: " ")
        }
    }
}

/// The code of the problem that a piece of work ends with; `nil` when it goes through.
func problemCode(_ work: () async throws -> Void) async -> String? {
    do {
        try await work()
        return nil
    } catch let error as any Explainable {
        return error.problem.code
    } catch {
        return "\(error)"
    }
}
