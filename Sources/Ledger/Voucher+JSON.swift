package import Kernel

extension Voucher {
    /// The voucher as the log, the API and the archive write it.
    ///
    /// Members that say nothing are left out, so that a voucher has one form; amounts are decimal texts.
    package var json: JSON {
        var members: [(String, JSON)] = [
            ("id", .string(id.text)), ("word", .string(word.rawValue)), ("date", .string(date.text)),
            ("attachments", .integer(attachments)), ("summary", .string(summary)), ("currency", .string(base.code)),
            ("lines", .array(lines.map(\.json))),
        ]
        if let reverses { members.append(("reverses", .string(reverses.text))) }
        if let caseID { members.append(("case", .string(caseID))) }
        members.append(("makers", .array(makers.map { .string($0.text) })))
        return .object(members)
    }

    /// Reads what `json` wrote, and checks it like any other voucher.
    package init(json: JSON) throws(VoucherError) {
        let base = try Self.read(json, "currency") { $0.string.flatMap { Currency($0) } }
        var lines: [VoucherLine] = []
        for (index, line) in try Self.read(json, "lines", { $0.array }).enumerated() {
            lines.append(try VoucherLine(json: line, base: base, path: "lines[\(index)]"))
        }
        try self.init(
            id: ID(try Self.read(json, "id") { $0.string }),
            word: try Self.read(json, "word") { $0.string.flatMap { VoucherWord(rawValue: $0) } },
            date: try Self.read(json, "date") { $0.string.flatMap { Day($0) } },
            attachments: try Self.read(json, "attachments") { $0.integer },
            summary: try Self.read(json, "summary") { $0.string },
            lines: lines,
            reverses: try Self.readOptional(json, "reverses") { $0.string.map { ID($0) } },
            caseID: try Self.readOptional(json, "case") { $0.string },
            makers: try Self.read(json, "makers") { value in
                value.array.flatMap { makers in
                    let names = makers.compactMap(\.string)
                    return names.count == makers.count ? names.map { PersonID($0) } : nil
                }
            }
        )
    }

    fileprivate static func read<Value>(
        _ json: JSON, _ name: String, path: String = "", _ reading: (JSON) -> Value?
    ) throws(VoucherError) -> Value {
        guard let value = json[name].flatMap(reading) else { throw .malformed(field: path + name) }
        return value
    }

    fileprivate static func readOptional<Value>(
        _ json: JSON, _ name: String, path: String = "", _ reading: (JSON) -> Value?
    ) throws(VoucherError) -> Value? {
        json[name] == nil ? nil : try read(json, name, path: path, reading)
    }
}

extension VoucherLine {
    package var json: JSON {
        var members: [(String, JSON)] = []
        if !summary.isEmpty { members.append(("summary", .string(summary))) }
        members += [
            ("account", .string(account.text)), ("side", .string(side.rawValue)), ("amount", .string(amount.text)),
        ]
        if let original {
            members.append(("currency", .string(original.currency.code)))
            members.append(("original", .string(original.text)))
        }
        if let rate { members.append(("rate", .string(rate.text))) }
        if let quantity { members.append(("quantity", .string(quantity.text))) }
        if let unit { members.append(("unit", .string(unit))) }
        if let unitPrice { members.append(("unit_price", .string(unitPrice.text))) }
        if !dimensions.isEmpty { members.append(("dimensions", dimensions.json)) }
        if let cashFlowItem { members.append(("cash_flow_item", .string(cashFlowItem))) }
        if origin != .none { members.append(("origin", origin.json)) }
        return .object(members)
    }

    /// Reads what `json` wrote; `path` names the line in errors.
    package init(json: JSON, base: Currency, path: String = "line") throws(VoucherError) {
        let path = path + "."
        let foreign = try Voucher.readOptional(json, "currency", path: path) { $0.string.flatMap { Currency($0) } }
        let original = try Voucher.readOptional(json, "original", path: path) { value in
            foreign.flatMap { currency in value.string.flatMap { try? Money(parsing: $0, currency) } }
        }
        self.init(
            try Voucher.read(json, "side", path: path) { $0.string.flatMap { Side(rawValue: $0) } },
            try Voucher.read(json, "account", path: path) { $0.string.flatMap { AccountCode($0) } },
            try Voucher.read(json, "amount", path: path) { $0.string.flatMap { try? Money(parsing: $0, base) } },
            summary: try Voucher.readOptional(json, "summary", path: path) { $0.string } ?? "",
            original: original,
            rate: try Voucher.readOptional(json, "rate", path: path) { $0.string.flatMap { Rate($0) } },
            quantity: try Voucher.readOptional(json, "quantity", path: path) { $0.string.flatMap { Rate($0) } },
            unit: try Voucher.readOptional(json, "unit", path: path) { $0.string },
            unitPrice: try Voucher.readOptional(json, "unit_price", path: path) { $0.string.flatMap { Rate($0) } },
            dimensions: try Voucher.readOptional(json, "dimensions", path: path) { Dimensions(json: $0) } ?? .none,
            cashFlowItem: try Voucher.readOptional(json, "cash_flow_item", path: path) { $0.string },
            origin: json["origin"].map { LineOrigin(json: $0) } ?? .none
        )
    }
}
