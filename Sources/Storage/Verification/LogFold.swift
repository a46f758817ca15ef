import Access
import Kernel
import Ledger
import Pipeline

/// What the tables of a book must hold, told by its log alone.
struct LogFold {
    /// What one row must say. `hash` is `nil` where the log has forgotten it: personal values may be erased.
    struct Expected {
        let sequence: Int64
        let hash: JSONHash?
    }

    /// What a voucher moved of one open item.
    struct Movement: Hashable {
        var date = ""
        var amount: Int64 = 0

        var text: String { "\(amount) of \(date)" }
    }

    private(set) var rows: [String: [String: Expected]] = [:]
    /// Unposted vouchers: few, and told piece by piece.
    private(set) var drafts: [String: JSON] = [:]
    private(set) var balances = BalanceChanges()
    private(set) var openItems: [String: Int64] = [:]
    /// What single vouchers moved of open items, by voucher and item.
    private(set) var movements: [String: Movement] = [:]
    /// The numbers that were given, by period and word: how many, and the last.
    private(set) var numbers: [String: (count: Int64, last: Int64)] = [:]

    mutating func add(_ entry: LogEntry) throws {
        switch entry.kind {
        case "voucher.drafted": drafts[entry.subject] = entry.body
        case "voucher.discarded": drafts[entry.subject] = nil
        case "voucher.posted": try post(entry)
        case _ where entry.kind.hasPrefix("voucher.") && drafts[entry.subject] != nil:
            let changed = (entry.body.members ?? []).reduce(drafts[entry.subject] ?? .null) {
                $0.setting($1.name, $1.value)
            }
            drafts[entry.subject] = changed
        case "open_item.moved": try move(entry)
        default: for row in Self.rows(of: entry) { set(row, entry.sequence) }
        }
    }

    private mutating func post(_ entry: LogEntry) throws {
        drafts[entry.subject] = nil
        for row in Self.rows(of: entry) { set(row, entry.sequence) }
        guard let json = entry.body["voucher"], let number = entry.body["number"]?.string else { return }
        let voucher = try Voucher(json: json)
        balances.add(voucher)
        guard let number = VoucherNumber(number, period: voucher.period) else { return }
        let series = "\(voucher.period.text) \(voucher.word.rawValue)"
        let known = numbers[series] ?? (0, 0)
        numbers[series] = (known.count + 1, max(known.last, number.number))
    }

    private mutating func move(_ entry: LogEntry) throws {
        let body = entry.body
        guard let currency = body["currency"]?.string.flatMap({ Currency($0) }), let text = body["amount"]?.string
        else { return }
        let amount = try Money(parsing: text, currency).minorUnits
        let key = ["account", "party", "number", "currency"].map { body[$0]?.string ?? "" }.joined(separator: " ")
        openItems[key, default: 0] += amount
        let own = Self.name(of: entry) + " " + key
        var movement = movements[own] ?? Movement()
        if movement.amount == 0 { movement.date = body["date"]?.string ?? "" }
        movement.amount += amount
        movements[own] = movement.amount == 0 ? nil : movement
    }

    private mutating func set(_ row: Row, _ sequence: Int64) {
        switch row.content {
        case .says(let json):
            rows[row.table, default: [:]][row.key] = Expected(sequence: sequence, hash: JSONHash(json))
        case .saysFirst(let json) where rows[row.table]?[row.key] == nil:
            rows[row.table, default: [:]][row.key] = Expected(sequence: sequence, hash: JSONHash(json))
        case .saysFirst: break
        case .isForgotten: rows[row.table, default: [:]][row.key] = Expected(sequence: sequence, hash: nil)
        case .isGone: rows[row.table]?[row.key] = nil
        }
    }
}

extension LogFold {
    /// What an entry tells of one row.
    struct Row {
        let table: String
        let key: String
        let content: Content

        init(_ table: String, _ key: String, _ content: Content) {
            self.table = table
            self.key = key
            self.content = content
        }
    }

    enum Content {
        case says(JSON)
        /// What is named a second time stays as it was named first.
        case saysFirst(JSON)
        case isForgotten
        case isGone
    }

    static func rows(of entry: LogEntry) -> [Row] {
        let name = name(of: entry)
        let body = entry.body
        switch entry.kind {
        case "voucher.posted": return postedRows(name, body)
        case "case.added":
            return [
                Row("cases", name, .says(body["case"] ?? .null)),
                Row("case_names", name, personal(entry, ["title", "applicant"])),
                problem(of: name, code: body["case"]?["problem_code"], entry),
                Row("case_origins", name, .says(origin(body))),
                Row("case_documents", name, .says(body.only("document_sha256"))),
            ]
        case "case.changed":
            let isRenamed = entry.personal.contains { $0.name == "title" || $0.name == "applicant" }
            return [Row("cases", name, .says(body)), problem(of: name, code: body["problem_code"], entry)]
                + (isRenamed ? [Row("case_names", name, personal(entry, ["title", "applicant"]))] : [])
        case "case.document_set": return [Row("case_documents", name, .says(body))]
        case "evidence.added":
            let id = body["id"]?.string ?? ""
            return [
                Row("evidence", id, .says(body.setting("case", .string(name)))),
                Row("evidence_names", id, personal(entry, ["file_name"])),
            ]
        case "receipt.recorded":
            let key = name + " " + (body["key"]?.string ?? "")
            let row = Row("receipts", key, .says(.object(["event", "state"].map { ($0, body[$0] ?? .null) })))
            let isAsked = body["state"]?.string == ReceiptRecord.State.pending.rawValue
            return isAsked ? [row, Row("receipt_texts", key, personal(entry, ["text"]))] : [row]
        case "invoice.used", "invoice.freed":
            return [Row("invoice_uses", name, body["uses"]?.array?.isEmpty == true ? .isGone : .says(body))]
        case "invoice.cited": return [Row("invoice_citations", name + " " + (body["case"]?.string ?? ""), .says([:]))]
        case "period.opened": return [Row("periods", name, .says(["open": true]))]
        case "period.closed": return [Row("periods", name, .says(["open": false]))]
        case "grant.set": return [Row("grants", grantKey(body), .says(body))]
        case "grant.revoked": return [Row("grants", grantKey(body), .isGone)]
        case "original.named": return [Row("originals", name, .saysFirst(body.only("bytes")))]
        case "book.set": return [Row("books", name, .says(body))]
        case "account.set": return [Row("accounts", "chart", .says(body))]
        case "item.set":
            return [Row("master_items", name, personalRow(entry, ["name", "attributes"]))]
        case "mapping.set": return [Row("party_mappings", name, .says(body))]
        case "rule_book.added": return [Row("rule_books", name, .says(body))]
        case "person.set": return [Row("people", name, personalRow(entry, ["login", "name"]))]
        default: return []
        }
    }

    private static func postedRows(_ id: String, _ body: JSON) -> [Row] {
        var rows = [
            Row("vouchers", id, .says(body)),
            Row("voucher_keys", body["posting_key"]?.string ?? "", .says(["voucher": .string(id)])),
        ]
        if let original = body["voucher"]?["reverses"]?.string {
            rows.append(Row("reversals", original, .says(["voucher": .string(id)])))
        }
        return rows
    }

    private static func origin(_ body: JSON) -> JSON {
        .object((body.members ?? []).filter { !["case", "document_sha256"].contains($0.name) })
    }

    private static func name(of entry: LogEntry) -> String {
        entry.subject.split(separator: ":", maxSplits: 1).last.map(String.init) ?? ""
    }

    /// The problem of a case: whether it has one is in the entry, what it says beside it.
    private static func problem(of id: String, code: JSON?, _ entry: LogEntry) -> Row {
        Row("case_problems", id, code?.string == nil ? .isGone : personal(entry, ["problem"]))
    }

    /// The personal values of an entry; what it never had is `null`, what was erased is forgotten.
    private static func personal(_ entry: LogEntry, _ names: [String]) -> Content {
        let values = names.map { name in (name, entry.personal.first { $0.name == name }) }
        guard values.allSatisfy({ $0.1?.isErased != true }) else { return .isForgotten }
        return .says(.object(values.map { ($0.0, .optional($0.1?.value)) }))
    }

    private static func personalRow(_ entry: LogEntry, _ names: [String]) -> Content {
        let values = names.map { name in (name, entry.personal.first { $0.name == name }?.value) }
        guard values.allSatisfy({ $0.1 != nil }) else { return .isForgotten }
        return .says(.object([("active", entry.body["active"] ?? .null)] + values.map { ($0.0, .optional($0.1)) }))
    }

    static func grantKey(_ body: JSON) -> String {
        ["person", "role", "book"].map { body[$0]?.string ?? "" }.joined(separator: " ")
    }
}

extension JSON {
    fileprivate func only(_ name: String) -> JSON { .object([(name, self[name] ?? .null)]) }
}
