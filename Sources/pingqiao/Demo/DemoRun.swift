import Access
import Connectors
import Cryptography
import Kernel
import Ledger
import Pipeline
import Storage

/// Sends the sample approvals through the whole way, with separate persons at the desks, and says what became of them.
struct DemoRun {
    let composition: Composition
    let setup: DemoSetup
    let dingTalk: DemoDingTalk
    let now: Timestamp

    func run() async throws -> JSON {
        let approvals = DemoApprovals(now: now, connector: DemoSetup.connector)
        // One after the other, as approvals end: an invoice comes after the receipt it cites.
        for document in approvals.first {
            try await send(document)
            try await settle()
        }
        if let callback = dingTalk.callback() {
            _ = try await composition.reception.receive(callback, for: DemoDingTalk.connector)
        }
        try await settle()
        try await peopleWork()
        for document in approvals.second { try await send(document) }
        try await settle()
        try await peopleWork()
        return try await summary()
    }

    /// Delivers a document as its OA would: signed, over the connector's own door.
    private func send(_ document: JSON) async throws {
        guard let webhook = StandardWebhook(secrets: [setup.secret]) else { return }
        let key = "msg_" + randomBytes(8).hex
        var headers = ["content-type": "application/json"]
        for (name, value) in webhook.headers(id: key, body: document.utf8, now: composition.clock()) {
            headers[name] = value
        }
        _ = try await composition.reception.receive(
            InboundRequest(method: "POST", headers: headers, query: [:], body: document.utf8), for: DemoSetup.connector
        )
    }

    /// Lets the worker do everything that is due.
    private func settle() async throws {
        while try await composition.worker.round() > 0 {}
    }

    /// Reviewer, cashier and poster go through their queues, each with no more than their own rights.
    private func peopleWork() async throws {
        let reviewer = try await visitor("reviewer")
        let cashier = try await visitor("cashier")
        let poster = try await visitor("poster")
        for record in try await vouchers(.pending) {
            _ = try await composition.vouchers.act(.approve, on: record.voucher.id, in: DemoCompany.id, by: reviewer)
        }
        for record in try await vouchers(.approved) where record.needsCashier && record.standing.cashier == nil {
            _ = try await composition.vouchers.act(
                .signAsCashier, on: record.voucher.id, in: DemoCompany.id, by: cashier
            )
        }
        try await settle()
        for record in try await vouchers(.approved) {
            _ = try await composition.vouchers.act(.post, on: record.voucher.id, in: DemoCompany.id, by: poster)
        }
        try await settle()
    }

    private func vouchers(_ state: VoucherState) async throws -> [VoucherRecord] {
        try await composition.store.read(DemoCompany.id) {
            try $0.vouchers.page(VoucherQuery(states: [state], limit: 200)).items
        }
    }

    private func visitor(_ id: String) async throws -> Visitor {
        try await composition.store.read(Book.installation) { records in
            guard let person = try records.installation.people().first(where: { $0.id.text == id }) else {
                throw AccessError.signInFailed
            }
            let grants = try records.installation.grants().filter { $0.person == person.id }
            return Visitor(person: person, grants: grants, formToken: "")
        }
    }

    /// The shape that `pingqiao demo --once` promises (design 8).
    private func summary() async throws -> JSON {
        try await composition.store.read(DemoCompany.id) { records in
            let cases = try records.cases.page(CaseQuery(limit: 200)).items.reversed()
            func names(_ state: Case.State) -> [JSON] { cases.filter { $0.state == state }.map { .string($0.name) } }
            return .object([
                ("book", .string(DemoCompany.id.text)), ("cases", .integer(cases.count)),
                ("posted", .integer(cases.filter { $0.state == .posted }.count)),
                ("nothing_to_book", .integer(cases.filter { $0.state == .nothingToBook }.count)),
                ("waiting", .array(names(.waiting))),
                (
                    "held",
                    .array(
                        cases.filter { $0.state == .held }.map {
                            .object([("case", .string($0.name)), ("problem", .optional($0.problem?.code))])
                        }
                    )
                ),
                ("reversed", .integer(cases.filter { $0.state == .reversed }.count)),
                (
                    "log",
                    [
                        "entries": .integer(try records.log.size()), "root": .string(try records.log.root().hex),
                    ]
                ),
            ])
        }
    }
}
