package import Kernel
package import Ledger

/// What rules must know from elsewhere, fetched while a case is prepared, and asked again at commit (事实).
///
/// The shapes are those of `posting-cases.yaml`; each fact stands there under the same name.
package struct Facts: Sendable {
    package let json: JSON
    /// What could have changed until the commit; the commit compares it with what it finds then.
    package let checks: Checks

    package struct Checks: Hashable, Sendable {
        package let openItems: [OpenItemQuery: [OpenItem]]
        package let registerKeys: [String]
        package let uses: [InvoiceUse]
        /// Orders and receipts that were found, with the versions of their cases.
        package let cited: [CitedQuery: [Case.ID: Int64]]
        /// Where the vouchers stood that are booked already.
        package let booked: [Voucher.ID: VoucherMark]
    }

    package struct CitedQuery: Hashable, Sendable {
        package let kind: String
        package let numbers: [String]
    }

    /// What tells whether a voucher is still as it was.
    package struct VoucherMark: Hashable, Sendable {
        package let state: VoucherState
        package let version: Int64
        package let reversedBy: Voucher.ID?

        init(_ record: VoucherRecord) {
            state = record.state
            version = record.version
            reversedBy = record.standing.reversedBy
        }
    }

    package struct OpenItemQuery: Hashable, Sendable {
        package let account: AccountCode
        package let party: String
    }

    /// Accounts whose open items rules may settle: advances, prepayments, payables, receivables.
    static let advanceAccount: AccountCode = "122101"
    static let partyAccounts: [AccountCode] = ["1123", "220201", "1122"]

    /// Fetches the facts of one document.
    ///
    /// - Parameters:
    ///   - booked: The live vouchers of the approval's other cases, with the outcome of each case.
    ///   - released: Vouchers that the plan takes away; what they settle is open again.
    package init(
        of document: Document, parties: Parties, evidence: [EvidenceRecord], booked: [(Case, VoucherRecord)],
        released: [VoucherRecord], picture: BookPicture, in records: any Records
    ) throws {
        var queries: [OpenItemQuery: [OpenItem]] = [:]
        let movements = try released.flatMap { try records.ledger.movements(of: $0.voucher.id) }
        func items(_ query: OpenItemQuery) throws -> [OpenItem] {
            let items = try records.ledger.openItems(account: query.account, party: query.party)
            queries[query] = items
            return Self.open(items, without: movements, account: query.account, party: query.party)
        }
        func openItems(_ account: AccountCode, _ dimension: String) throws -> [OpenItem] {
            try (parties.found[dimension] ?? []).flatMap { match in
                try items(OpenItemQuery(account: account, party: match.item.code))
            }
        }
        var found: [CitedQuery: [Case.ID: Int64]] = [:]
        func find(_ query: CitedQuery) throws -> [CitedDocument] {
            guard !query.numbers.isEmpty else { return [] }
            let documents = try records.cases.documents(kind: query.kind, numbers: query.numbers)
            found[query] = Self.versions(of: documents)
            return documents
        }
        let advances = try openItems(Self.advanceAccount, "人员")
        let openItems = try Self.partyAccounts.flatMap { account in
            try openItems(account, account == "1122" ? "客户" : "供应商")
        }
        let keys = evidence.compactMap(\.registerKey)
        let uses = keys.isEmpty ? [] : try records.evidence.uses(of: keys)
        let foreign = uses.filter { $0.role == .recognise && $0.approval != document.approval }
        let numbers = Dictionary(
            evidence.compactMap { record in record.registerKey.map { ($0, record.number ?? $0) } },
            uniquingKeysWith: { first, _ in first }
        )

        var members: [(String, JSON)] = [
            ("companies", [Self.company(document, picture.book)]), ("employees", Self.list(parties, "人员")),
            ("departments", Self.list(parties, "部门")),
            ("projects", Self.list(parties, "项目")), ("suppliers", Self.list(parties, "供应商")),
            ("customers", Self.list(parties, "客户")), ("bank_accounts", Self.list(parties, "银行账户")),
            ("open_from", .optional(picture.openFrom?.text)),
            ("used_evidence", .array(foreign.map { .string(numbers[$0.registerKey] ?? $0.registerKey) })),
            ("booked", .array(try booked.map { try Self.bookedVoucher($0.0, $0.1, in: records) })),
            ("advances", .array(advances.map(Self.advance))), ("open_items", .array(openItems.map(Self.openItem))),
            ("stock", Self.articles(of: document, in: picture)),
        ]
        try members.append(
            contentsOf: Self.cited(by: document, picture: picture, find: find, openItems: items, in: records)
        )
        // A company's own facts, such as exchange rates and contracts, stand in the book's settings until a connector brings them.
        for member in picture.book.settings.rules["facts"]?.members ?? []
        where !members.contains(where: { $0.0 == member.name && !($0.1.array?.isEmpty ?? true) }) {
            members.removeAll { $0.0 == member.name }
            members.append((member.name, member.value))
        }
        json = .object(members)
        checks = Checks(
            openItems: queries, registerKeys: keys, uses: uses, cited: found,
            booked: Dictionary(booked.map { ($0.1.voucher.id, VoucherMark($0.1)) }, uniquingKeysWith: { $1 })
        )
    }

    private static func versions(of documents: [CitedDocument]) -> [Case.ID: Int64] {
        Dictionary(documents.map { ($0.caseID, $0.version) }, uniquingKeysWith: { $1 })
    }

    /// Whether the unit finds what was prepared with.
    package func check(in unit: any Unit) throws {
        for (query, expected) in checks.openItems
        where try unit.ledger.openItems(account: query.account, party: query.party) != expected {
            throw PreparedOnOldState("open items of \(query.party) on \(query.account)")
        }
        for (query, expected) in checks.cited
        where Self.versions(of: try unit.cases.documents(kind: query.kind, numbers: query.numbers)) != expected {
            throw PreparedOnOldState("documents cited by the approval")
        }
        for (id, expected) in checks.booked where try unit.vouchers.find(id).map(VoucherMark.init) != expected {
            throw PreparedOnOldState("voucher \(id)")
        }
        guard !checks.registerKeys.isEmpty else { return }
        let uses = try unit.evidence.uses(of: checks.registerKeys)
        guard uses == checks.uses else { throw PreparedOnOldState("uses of invoices") }
    }

    /// The open items as they will be once some movements are gone.
    private static func open(
        _ items: [OpenItem], without movements: [OpenItemMovement], account: AccountCode, party: String
    ) -> [OpenItem] {
        var rest = movements.filter { $0.account == account && $0.party == party }
        var open = items.map { item -> OpenItem in
            let own = rest.filter { $0.number == item.number }
            rest.removeAll { $0.number == item.number }
            return OpenItem(
                account: account, party: party, number: item.number, date: item.date,
                balance: own.reduce(item.balance) { $0 - $1.amount }
            )
        }
        // An item that was settled to nothing is not listed; it comes back.
        for movement in rest where movement.amount.isNegative {
            open.append(
                OpenItem(
                    account: account, party: party, number: movement.number, date: movement.date,
                    balance: -movement.amount
                )
            )
        }
        return open.filter { !$0.balance.isZero }.sorted { ($0.date, $0.number) < ($1.date, $1.number) }
    }

    private static func company(_ document: Document, _ book: Book) -> JSON {
        [
            "id": document.json["company"]?["id"] ?? .null, "name": .string(book.name), "tax_id": .optional(book.taxID),
        ]
    }

    private static func list(_ parties: Parties, _ dimension: String) -> JSON {
        .array(
            (parties.found[dimension] ?? []).map { match in
                let own: [(String, JSON)] = [
                    ("id", .string(match.vendorID)), ("code", .string(match.item.code)),
                    ("name", .string(match.item.name)),
                ]
                return .object(own + (match.item.attributes.members ?? []).map { ($0.name, $0.value) })
            }
        )
    }

    private static func advance(_ item: OpenItem) -> JSON {
        [
            "number": .string(item.number), "employee": .string(item.party), "date": .string(item.date.text),
            "balance": .string(item.balance.text),
        ]
    }

    private static func openItem(_ item: OpenItem) -> JSON {
        [
            "account": .string(item.account.text), "party": .string(item.party), "number": .string(item.number),
            "amount": .string(item.balance.text),
        ]
    }

    /// A voucher that stands, with the files it was counted with: a payment does not count them again (附单据数).
    private static func bookedVoucher(
        _ theCase: Case, _ record: VoucherRecord, in records: any Records
    ) throws -> JSON {
        let files = try EvidenceStep.standing(records.evidence.evidence(of: theCase.id)).map(\.fileName)
        let event = theCase.outcome == .amended ? Case.Outcome.approved : theCase.outcome
        return .object([
            ("event", .string(event.rawValue)), ("word", .string(record.voucher.word.rawValue)),
            ("no", record.number.map { .integer($0.number) } ?? .null), ("date", .string(record.voucher.date.text)),
            ("files", .array(files.map(JSON.string))), ("lines", .array(record.voucher.lines.map(bookedLine))),
        ])
    }

    private static func bookedLine(_ line: VoucherLine) -> JSON {
        var members: [(String, JSON)] = [
            ("account", .string(line.account.text)), ("side", .string(line.side.rawValue)),
            ("amount", .string(line.amount.text)), ("dimensions", line.dimensions.json),
        ]
        if let item = line.cashFlowItem { members.append(("cash_flow", .string(item))) }
        if let original = line.original {
            members.append(("currency", .string(original.currency.code)))
            members.append(("original", .string(original.text)))
        }
        return .object(members)
    }

    /// The stock articles that the document's items name by code.
    private static func articles(of document: Document, in picture: BookPicture) -> JSON {
        let codes = Set(document.items.compactMap { $0["code"]?.string })
        let found = codes.sorted().compactMap { picture.directory.item(dimension: "存货", code: $0) }
        return .array(
            found.map { item in
                .object(
                    [("code", .string(item.code)), ("name", .string(item.name))]
                        + (item.attributes.members ?? []).map { ($0.name, $0.value) }
                )
            }
        )
    }
}
