import Decisions
import Kernel

/// Turns a document, its facts and e-vouchers into the values expressions read: amounts become numbers, days dates.
struct FormValues {
    let zone: Zone

    /// Members that hold a decimal, wherever they stand. A number of an invoice is none: it keeps its zeros.
    static let decimals: Set<String> = [
        "total", "rate", "gross", "net", "tax", "tax_rate", "taxRate", "vatRate", "quantity", "unit_price", "price",
        "amount", "fee", "offset", "returned", "fare", "fuel_surcharge", "fuelSurcharge", "development_fund",
        "civilAviationDevelopmentFund", "other_taxes", "otherTaxes", "balance", "estimated", "original", "amountExTax",
        "distance_km", "debit", "credit", "nights",
    ]
    /// Members that hold a day if their text is one.
    static let days: Set<String> = [
        "date", "issueDate", "travelDate", "bookDate", "from", "to", "due_on", "open_from", "today",
    ]
    /// Members that hold an instant; the day it has in the book's zone stands beside it.
    static let instants = [
        "submitted_at": "submitted_on", "approved_at": "approved_on", "ended_at": "ended_on", "paid_at": "paid_on",
    ]

    func value(_ json: JSON, named name: String = "") -> Value {
        switch json {
        case .string(let text):
            if Self.decimals.contains(name), let number = Decimal34(text) { return .number(number) }
            if Self.days.contains(name), let day = Day(text) { return .date(day) }
            return .string(text)
        case .array(let items): return .list(items.map { value($0, named: name) })
        case .object(let members):
            var context = Context()
            for member in members {
                context[member.name] = value(member.value, named: member.name)
                if let day = Self.instants[member.name] {
                    let instant = member.value.string.flatMap { Timestamp($0) }
                    context[day] = instant.map { .date(zone.day(of: $0)) } ?? .null
                }
            }
            return .context(context)
        case .null, .bool, .number: return Value(json: json)
        }
    }

    func document(_ json: JSON) -> Context {
        var context = value(json).context ?? Context()
        for name in ["items", "cites", "attachments"] where context[name]?.list == nil { context[name] = .list([]) }
        return context
    }

    /// The items with their e-vouchers bound to them, by number (and code) or by attachment.
    func items(of document: Context, evidence: [Value]) -> [Context] {
        (document["items"]?.list ?? []).enumerated().map { index, item in
            var row = item.context ?? Context()
            if row["no"] == nil { row["no"] = .number(index + 1) }
            for name in ["evidence", "rides"] where row[name]?.list == nil { row[name] = .list([]) }
            let references = row["evidence"]?.list ?? []
            var tickets: [Value] = []
            for (index, voucher) in evidence.enumerated() where references.contains(where: { Self.names($0, voucher) })
            {
                var ticket = voucher.context ?? Context()
                ticket["_"] = .number(index)
                tickets.append(.context(ticket))
            }
            row["票"] = .list(tickets)
            return row
        }
    }

    private static func names(_ reference: Value, _ voucher: Value) -> Bool {
        if let number = reference["number"]?.string, let found = voucher["number"]?.string {
            if number != found { return false }
            guard let code = reference["code"]?.string, let other = voucher["code"]?.string else { return true }
            return code == other
        }
        guard let attachment = reference["attachment"]?.string else { return false }
        return attachment == voucher["file"]?.string
    }
}
