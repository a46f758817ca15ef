import Kernel
import Ledger

extension Facts {
    /// Purchase orders and goods receipts that a document cites, from their own cases (三单匹配).
    static func cited(
        by document: Document, picture: BookPicture, in records: any Records
    ) throws -> [(String, JSON)] {
        let cites = document.json["cites"]?.array ?? []
        func numbers(_ kind: String) -> [String] {
            cites.filter { $0["kind"]?.string == kind }.compactMap { $0["number"]?.string ?? $0["instance"]?.string }
        }
        var receipts: [CitedDocument] = []
        if !numbers("goods_receipt").isEmpty {
            receipts = try records.cases.documents(kind: "goods_receipt", numbers: numbers("goods_receipt"))
        }
        let receiptOrders = receipts.flatMap { receipt in
            (receipt.document["cites"]?.array ?? []).filter { $0["kind"]?.string == "purchase_order" }
                .compactMap { $0["number"]?.string }
        }
        let orderNumbers = Array(Set(numbers("purchase_order") + receiptOrders)).sorted()
        let orders =
            orderNumbers.isEmpty ? [] : try records.cases.documents(kind: "purchase_order", numbers: orderNumbers)
        return [
            ("purchase_orders", .array(orders.map { order($0, picture) })),
            ("goods_receipts", .array(try receipts.map { try receipt($0, records) })),
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
    private static func receipt(_ cited: CitedDocument, _ records: any Records) throws -> JSON {
        let order = (cited.document["cites"]?.array ?? []).first { $0["kind"]?.string == "purchase_order" }
        let estimated = try records.vouchers.vouchers(of: cited.caseID)
            .filter { $0.state != .discarded && $0.standing.reversedBy == nil }
            .flatMap(\.voucher.lines).filter { $0.account == "220202" && $0.side == .credit }
        let sum = estimated.isEmpty ? nil : estimated.dropFirst().reduce(estimated[0].amount) { $0 + $1.amount }
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
