import Kernel
import Pipeline

/// The uses of invoices (发票登记). The recognising uses of one invoice are a chain that the database itself keeps
/// within the invoice's total.
struct InvoiceRegister {
    /// One link: what a case takes of an invoice.
    struct Link: Hashable {
        var caseID: Case.ID
        let approval: Case.Approval
        let share: Int64
        let total: Int64
        let isWhole: Bool
        let at: Timestamp

        var json: JSON {
            .object([
                ("case", .string(caseID.text)), ("share", .integer(share)), ("total", .integer(total)),
                ("whole", .bool(isWhole)),
            ])
        }
    }

    private static let columns = """
        slot, case_id, connector_id, tenant, instance, used_after - used_before, total, is_whole, used_at, register_key
        """

    private let context: SQLContext

    init(_ context: SQLContext) {
        self.context = context
    }

    func uses(of registerKeys: [String]) throws -> [InvoiceUse] {
        let keys = Array(Set(registerKeys)).sorted()
        let chains = try context.connection.rows(
            "SELECT \(Self.columns) FROM invoice_uses WHERE book_id = $1 AND register_key = $2 ORDER BY slot",
            each: keys.map { [context.bookValue, .text($0)] }
        )
        return try zip(keys, chains).flatMap { key, rows in
            try rows.map { row in
                let link = try Self.link(row)
                return InvoiceUse(
                    registerKey: key, caseID: link.caseID, approval: link.approval, role: .recognise,
                    share: link.isWhole ? nil : link.share, at: link.at
                )
            }
        }
    }

    func cite(_ use: InvoiceUse) throws {
        let count = try context.connection.execute(
            """
            INSERT INTO invoice_citations (book_id, register_key, case_id, connector_id, tenant, instance, cited_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (book_id, register_key, case_id) DO NOTHING
            """,
            [context.bookValue, .text(use.registerKey), .text(use.caseID.text)] + Self.values(use.approval) + [
                .time(use.at)
            ]
        )
        guard count == 1 else { return }
        try context.log(
            "invoice.cited", "invoice:" + use.registerKey, .object([("case", .string(use.caseID.text))])
        )
    }

    func recognise(_ use: InvoiceUse, total: Int64?) throws {
        // A red invoice has a negative total; what is used of it is counted like any other.
        let size = Int64(min(max(1, (total ?? 1).magnitude), Money.limit.magnitude))
        let whole = Link(
            caseID: use.caseID, approval: use.approval, share: use.share ?? size, total: size,
            isWhole: use.share == nil || use.share == size, at: use.at
        )
        guard whole.share > 0, whole.share <= size else {
            throw EvidenceUseError.overAllocated(registerKey: use.registerKey, total: size, used: 0, asked: whole.share)
        }
        if try insert(whole, slot: 1, before: 0, key: use.registerKey) {
            return try log("invoice.used", use.registerKey, [whole])
        }
        try join(whole, to: try chain(use.registerKey), key: use.registerKey)
    }

    /// Puts a use behind those that are there, or takes over what an earlier case of the approval held.
    private func join(_ link: Link, to chain: [Link], key: String) throws {
        if chain.contains(where: { $0.caseID == link.caseID }) { return }
        if chain.contains(where: { $0.approval == link.approval }) {
            let taken = chain.map { old in
                var new = old
                if old.approval == link.approval { new.caseID = link.caseID }
                return new
            }
            try context.connection.send(
                """
                UPDATE invoice_uses SET case_id = $6
                WHERE book_id = $1 AND register_key = $2 AND connector_id = $3 AND tenant = $4 AND instance = $5
                """,
                [context.bookValue, .text(key)] + Self.values(link.approval) + [.text(link.caseID.text)]
            )
            return try log("invoice.used", key, taken)
        }
        if let holder = chain.first(where: \.isWhole) ?? (link.isWhole ? chain.first : nil) {
            throw EvidenceUseError.alreadyUsed(registerKey: key, by: holder.caseID)
        }
        let used = chain.reduce(0) { $0 + $1.share }
        let total = chain.first?.total ?? link.total
        guard used + link.share <= total else {
            throw EvidenceUseError.overAllocated(registerKey: key, total: total, used: used, asked: link.share)
        }
        let next = Link(
            caseID: link.caseID, approval: link.approval, share: link.share, total: total, isWhole: false, at: link.at
        )
        guard try insert(next, slot: chain.count + 1, before: used, key: key) else {
            throw PreparedOnOldState("uses of invoice \(key)")
        }
        try log("invoice.used", key, chain + [next])
    }

    func free(_ caseID: Case.ID) throws {
        let keys = try context.connection.rows(
            "SELECT register_key FROM invoice_uses WHERE book_id = $1 AND case_id = $2 ORDER BY register_key",
            [context.bookValue, .text(caseID.text)]
        ).map { try $0.text(0) }
        for key in Array(Set(keys)).sorted() {
            let chain = try chain(key)
            guard let first = chain.firstIndex(where: { $0.caseID == caseID }) else { continue }
            // A link can go only after the ones behind it: they are taken off and put back closer.
            for slot in (first + 1...chain.count).reversed() {
                try context.connection.send(
                    "DELETE FROM invoice_uses WHERE book_id = $1 AND register_key = $2 AND slot = $3",
                    [context.bookValue, .text(key), .int(slot)], changing: 1
                )
            }
            var rest = Array(chain[..<first])
            for link in chain[first...] where link.caseID != caseID {
                let used = rest.reduce(0) { $0 + $1.share }
                guard try insert(link, slot: rest.count + 1, before: used, key: key) else {
                    throw PreparedOnOldState("uses of invoice \(key)")
                }
                rest.append(link)
            }
            try log("invoice.freed", key, rest)
        }
    }

    func chain(_ key: String) throws -> [Link] {
        try context.connection.rows(
            "SELECT \(Self.columns) FROM invoice_uses WHERE book_id = $1 AND register_key = $2 ORDER BY slot",
            [context.bookValue, .text(key)]
        ).map(Self.link)
    }

    private func insert(_ link: Link, slot: Int, before: Int64, key: String) throws -> Bool {
        try context.connection.execute(
            """
            INSERT INTO invoice_uses (book_id, register_key, slot, previous_slot, used_before, used_after, total,
            is_whole, case_id, connector_id, tenant, instance, used_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            ON CONFLICT (book_id, register_key, slot) DO NOTHING
            """,
            [
                context.bookValue, .text(key), .int(slot), slot == 1 ? .null : .int(slot - 1), .integer(before),
                .integer(before + link.share), .integer(link.total), .flag(link.isWhole), .text(link.caseID.text),
            ] + Self.values(link.approval) + [.time(link.at)]
        ) == 1
    }

    /// The entry carries the whole chain as it now is, so that the last entry of an invoice says all.
    private func log(_ kind: String, _ key: String, _ chain: [Link]) throws {
        try context.log(kind, "invoice:" + key, .object([("uses", .array(chain.map(\.json)))]))
    }

    static func link(_ row: SQLRow) throws -> Link {
        Link(
            caseID: Case.ID(try row.text(1)),
            approval: Case.Approval(connector: try row.text(2), tenant: try row.text(3), instance: try row.text(4)),
            share: try row.integer(5), total: try row.integer(6), isWhole: try row.flag(7), at: try row.timestamp(8)
        )
    }

    private static func values(_ approval: Case.Approval) -> [SQLValue] {
        [.text(approval.connector), .text(approval.tenant), .text(approval.instance)]
    }
}
