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

    /// The items with their e-vouchers bound to them (票), by number (and code) or by attachment.
    ///
    /// An e-voucher that several items cite knows them: number, amount and tax of each (分摊行).
    func items(of document: Context, evidence: [Value]) -> [Context] {
        var byNumber: [String: [Int]] = [:]
        var byFile: [String: [Int]] = [:]
        for (index, voucher) in evidence.enumerated() {
            if let number = voucher["number"]?.string { byNumber[number, default: []].append(index) }
            if let file = voucher["file"]?.string { byFile[file, default: []].append(index) }
        }
        var rows: [Context] = []
        var bound: [[Int]] = []
        var citing: [Int: [Int]] = [:]
        for (index, item) in (document["items"]?.list ?? []).enumerated() {
            var row = item.context ?? Context()
            if row["no"] == nil { row["no"] = .number(index + 1) }
            for name in ["evidence", "rides"] where row[name]?.list == nil { row[name] = .list([]) }
            var tickets: [Int] = []
            for reference in row["evidence"]?.list ?? [] {
                let candidates =
                    reference["number"]?.string.map { byNumber[$0] ?? [] }
                    ?? reference["attachment"]?.string.map { byFile[$0] ?? [] } ?? []
                for candidate in candidates
                where !tickets.contains(candidate) && Self.agree(reference["code"], evidence[candidate]["code"]) {
                    tickets.append(candidate)
                    citing[candidate, default: []].append(index)
                }
            }
            rows.append(row)
            bound.append(tickets.sorted())
        }
        let shares = citing.mapValues { items -> Value in
            guard items.count > 1 else { return .list([]) }
            return .list(
                items.map { item in
                    let row = rows[item]
                    return ["no": row["no"] ?? .null, "gross": row["gross"] ?? .null, "tax": row["tax"] ?? .null]
                })
        }
        for (index, tickets) in bound.enumerated() {
            rows[index]["票"] = .list(
                tickets.map { number in
                    var ticket = evidence[number].context ?? Context()
                    ticket["分摊行"] = shares[number] ?? .list([])
                    return .context(ticket)
                })
        }
        return rows
    }

    /// Codes of invoices agree where one of them is not known.
    private static func agree(_ one: Value?, _ other: Value?) -> Bool {
        guard let one = one?.string, let other = other?.string else { return true }
        return one == other
    }
}
