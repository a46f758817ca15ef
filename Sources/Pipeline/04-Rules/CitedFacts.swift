import Kernel
import Ledger

extension Facts {
    /// The numbers of one kind of document that a document cites.
    static func cited(_ kind: String, by document: Document) -> [String] { cited(kind, in: document.json) }

    private static func cited(_ kind: String, in document: JSON) -> [String] {
        (document["cites"]?.array ?? []).filter { $0["kind"]?.string == kind }
            .compactMap { $0["number"]?.string ?? $0["instance"]?.string }
    }

    /// Purchase orders and goods receipts that a document cites, from their own cases (三单匹配).
    ///
    /// - Parameters:
    ///   - find: Fetches documents of a kind by their numbers, and remembers them for the commit.
    ///   - openItems: What is open on an account for a party, without what the plan takes away.
    static func cited(
        by document: Document, picture: BookPicture, find: (CitedQuery) throws -> [CitedDocument],
        openItems: (OpenItemQuery) throws -> [OpenItem], in records: any Records
    ) throws -> [(String, JSON)] {
        let receipts = try find(CitedQuery(kind: "goods_receipt", numbers: cited("goods_receipt", by: document)))
        let receiptOrders = receipts.flatMap { cited("purchase_order", in: $0.document) }
        let numbers = Set(cited("purchase_order", by: document) + receiptOrders).sorted()
        let orders = try find(CitedQuery(kind: "purchase_order", numbers: numbers))
        return [
            ("purchase_orders", .array(orders.map { order($0, picture) })),
            ("goods_receipts", .array(try receipts.map { try receipt($0, openItems, records) })),
        ]
    }

    private static func order(_ cited: CitedDocument, _ picture: BookPicture) -> JSON {
        let supplier = cited.document["payee"] ?? cited.document["items"]?[0]?["supplier"]
        let connector = cited.document["source"]?["connector"]?.string ?? ""
        let item = supplier?["id"]?.string.flatMap {
            picture.directory.item(
                dimension: "供应商", connector: connector, vendorID: $0, code: supplier?["code"]?.string
            )
        }
        return .object([
            ("number", .string(cited.number)), ("supplier", .optional(item?.code)),
            ("currency", cited.document["currency"] ?? .null),
            (
                "lines",
                .array(
                    (cited.document["items"]?.array ?? []).enumerated().map { index, line in
                        .object([
                            ("no", line["no"] ?? .integer(index + 1)), ("code", line["code"] ?? .null),
                            ("quantity", line["quantity"] ?? .null), ("price", line["unit_price"] ?? .null),
                            ("tax_rate", line["tax_rate"] ?? .null),
                        ])
                    }
                )
            ),
        ])
    }

    /// A receipt with what it booked as an estimate and no invoice has cleared yet.
    private static func receipt(
        _ cited: CitedDocument, _ openItems: (OpenItemQuery) throws -> [OpenItem], _ records: any Records
    ) throws -> JSON {
        let order = (cited.document["cites"]?.array ?? []).first { $0["kind"]?.string == "purchase_order" }
        let lines = try records.vouchers.vouchers(of: cited.caseID)
            .filter { $0.state != .discarded && $0.standing.reversedBy == nil }
            .flatMap(\.voucher.lines).filter { $0.account == OpenItems.estimates && $0.side == .credit }
        let open = try Set(lines.compactMap { $0.dimensions["供应商"] }).sorted().flatMap { party in
            try openItems(OpenItemQuery(account: OpenItems.estimates, party: party))
        }.filter { $0.number == cited.number }
        let sum = lines.first.map { line in
            open.reduce(Money.zero(line.amount.currency)) { $0 + $1.balance }
        }
        return .object([
            ("number", .string(cited.number)), ("order", order?["number"] ?? .null),
            ("date", cited.document["approved_at"]?.string.map { .string(String($0.prefix(10))) } ?? .null),
            (
                "lines",
                .array(
                    (cited.document["items"]?.array ?? []).enumerated().map { index, line in
                        .object([
                            ("no", line["no"] ?? .integer(index + 1)), ("code", line["code"] ?? .null),
                            ("quantity", line["quantity"] ?? .null),
                        ])
                    }
                )
            ),
            ("estimated", .optional(sum?.text)),
        ])
    }
}
