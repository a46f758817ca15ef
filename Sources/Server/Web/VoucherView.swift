import Access
import Evidence
import Kernel
import Ledger
import Pipeline

/// One voucher on paper, with the origin of every line and the acts it allows (记账凭证).
struct VoucherView {
    let file: VoucherFile
    let people: [Person]
    let dress: Dress
    let visitor: Visitor
    let book: Book.ID
    let now: Timestamp

    private var record: VoucherRecord { file.record }
    private var voucher: Voucher { record.voucher }

    var json: JSON {
        let (year, month, day) = voucher.date.parts
        let debit = voucher.lines.total(of: .debit, in: voucher.base)
        let credit = voucher.lines.total(of: .credit, in: voucher.base)
        let canCapitals = voucher.base == .cny
        return .object([
            ("voucher", dress.row(record)), ("heading", .string(record.number?.formal ?? record.reference.text)),
            ("isDraftNumber", .bool(record.number == nil)), ("company", .string(file.settings.name)),
            ("year", .integer(year)), ("month", .integer(month)), ("day", .integer(day)),
            ("date", .string(voucher.date.text)), ("attachments", .integer(voucher.attachments)),
            ("lines", .array(voucher.lines.enumerated().map { line($0.element, number: $0.offset + 1) })),
            ("debitTotal", .string(dress.amount(debit))), ("creditTotal", .string(dress.amount(credit))),
            ("isRedTotal", .bool(debit.isNegative)),
            ("capitals", canCapitals ? .string(ChineseCapitals.text(of: debit)) : .null),
            ("signatures", .array(signatures)), ("version", .integer(record.version)), ("acts", .array(acts)),
            ("hasActs", .bool(!acts.isEmpty)), ("sendBack", sendBack), ("reverse", reverse), ("discard", discard),
            ("isPosted", .bool(record.state == .posted)), ("stamp", stamp),
            ("returnReason", .optional(record.state == .draft ? record.standing.returnReason : nil)),
            ("reversal", file.reversal.map(dress.row) ?? .null), ("reversed", file.reversed.map(dress.row) ?? .null),
            ("case", file.theCase.map(dress.row) ?? .null),
            ("evidence", .array(file.evidence.map { EvidenceView(record: $0, dress: dress).row })),
            ("log", .array(file.log.map { LogView.row($0, dress) })),
        ])
    }

    private func line(_ line: VoucherLine, number: Int) -> JSON {
        let dimensions = line.dimensions.items.map { item in
            let name = file.items.first { $0.dimension == item.kind && $0.code == item.code }?.name
            return JSON.object([
                ("kind", .string(item.kind)), ("name", .string(name ?? item.code)), ("code", .string(item.code)),
            ])
        }
        let isDebit = line.side == .debit
        let amount = dress.amountOrBlank(line.amount)
        return .object([
            ("number", .integer(number)), ("summary", .string(line.summary.isEmpty ? voucher.summary : line.summary)),
            ("account", .string(line.account.text)), ("accountName", .string(file.chart.fullName(of: line.account))),
            ("dimensions", .array(dimensions)), ("debit", isDebit ? .string(amount) : .null),
            ("credit", isDebit ? .null : .string(amount)), ("isRed", .bool(line.amount.isNegative)),
            ("original", line.original.map { .string(dress.amount($0) + " " + $0.currency.code) } ?? .null),
            ("rate", .optional(line.rate?.text)), ("quantity", .optional(line.quantity?.text)),
            ("unit", .optional(line.unit)), ("cashFlow", .optional(line.cashFlowItem)),
            ("origin", OriginView(line.origin, dress, people: people).json),
        ])
    }

    private var signatures: [JSON] {
        let standing = record.standing
        let pairs: [(String, String?)] = [
            ("poster", standing.poster.map(name)), ("cashier", standing.cashier.map(name)),
            ("reviewer", standing.reviewer.map(name)),
            ("maker", standing.makers.map(name).joined(separator: "、")),
        ]
        return pairs.map { ["label": .string(dress.texts.text("signature", $0.0)), "name": .optional($0.1)] }
            + [standing.reviewAuthorisedBy].compactMap(\.self).map {
                ["label": .string(dress.texts.text("signature", "authorised")), "name": .string(name($0))]
            }
    }

    /// A person's name, or the rule book as it signs.
    private func name(_ id: PersonID) -> String {
        people.first { $0.id.text == id.text }?.name ?? id.text
    }

    private var stamp: JSON {
        if record.standing.reversedBy != nil { return .string(dress.texts.text("stamp", "reversed")) }
        if voucher.reverses != nil { return .string(dress.texts.text("stamp", "red")) }
        return record.state == .discarded ? .string(dress.texts.text("stamp", "discarded")) : .null
    }

    /// The buttons that a voucher of this state has; one that would be refused says why.
    private var acts: [JSON] {
        let offered: [(VoucherAct, String)]
        switch record.state {
        case .draft: offered = [(.submit, "submit")]
        case .pending: offered = [(.approve, "approve")] + (record.needsCashier ? [(.signAsCashier, "sign")] : [])
        case .approved:
            offered =
                (record.needsCashier && record.standing.cashier == nil ? [(.signAsCashier, "sign")] : [])
                + [(.post, "post"), (.unapprove, "unapprove")]
        case .posted, .discarded: offered = []
        }
        return offered.enumerated().map { index, offer in
            let reason = refusal(of: offer.0)
            return .object([
                ("word", .string(offer.1)), ("label", .string(dress.texts.text("act", offer.1))),
                ("isPrimary", .bool(index == 0)), ("refused", .optional(reason)), ("allowed", .bool(reason == nil)),
            ])
        }
    }

    private var sendBack: JSON {
        guard record.state == .pending else { return .null }
        let reason = refusal(of: .sendBack(reason: "-"))
        return .object([("allowed", .bool(reason == nil)), ("refused", .optional(reason))])
    }

    private var discard: JSON {
        guard record.state == .draft || record.state == .pending else { return .null }
        let reason = refusal(of: .discard)
        return .object([("allowed", .bool(reason == nil)), ("refused", .optional(reason))])
    }

    private var reverse: JSON {
        guard record.state == .posted, voucher.reverses == nil, file.reversal == nil, record.standing.reversedBy == nil
        else { return .null }
        let reason = visitor.may(.voucherReverse, in: book) ? nil : dress.texts.text("refused", "right")
        return .object([
            ("allowed", .bool(reason == nil)), ("refused", .optional(reason)),
            ("number", .optional(record.number?.text)),
        ])
    }

    /// Why an act would be refused; `nil` when it would go through.
    private func refusal(of act: VoucherAct) -> String? {
        guard visitor.may(act.right, in: book) else { return dress.texts.text("refused", "right") }
        let duties = file.settings.dutySettings(at: now)
        do throws(VoucherStateError) {
            _ = try record.standing.applying(act, by: PersonID(visitor.person.id.text), settings: duties)
        } catch {
            return error.problem.cause.text(in: dress.language)
        }
        if act == .post, !file.periods.contains(where: { $0.period == voucher.period && $0.isOpen }) {
            return dress.texts.text("refused", "period")
        }
        return nil
    }
}

/// Where a line came from, as people read it (分录来源).
struct OriginView {
    private let origin: LineOrigin
    private let dress: Dress
    private let people: [Person]

    init(_ origin: LineOrigin, _ dress: Dress, people: [Person]) {
        self.origin = origin
        self.dress = dress
        self.people = people
    }

    var json: JSON {
        let kind = origin.kind ?? "none"
        let fields = origin.json["fields"]?.array?.compactMap(\.string) ?? [origin.field].compactMap(\.self)
        let conditions = (origin.findings?.array ?? []).map(TraceView.condition)
        return .object([
            ("kind", .string(dress.texts.text("origin", kind))),
            ("rule", .optional(origin.rule)),
            ("ruleBook", .optional(origin.ruleBook.map { "\($0)@\(origin.ruleVersion ?? "")" })),
            ("template", .optional(origin.template)), ("rows", .array(origin.rows.map(JSON.string))),
            ("fields", .array(fields.map(JSON.string))), ("conditions", .array(conditions)),
            ("arithmetic", .optional(origin.json["arithmetic"]?.string)),
            ("evidenceKey", .optional(origin.evidenceKey)), ("evidenceField", .optional(origin.evidenceField)),
            ("who", .optional(origin.person.map { id in people.first { $0.id.text == id.text }?.name ?? id.text })),
            ("reason", .optional(origin.json["reason"]?.string)), ("before", .optional(origin.before?.text)),
            ("reversed", .optional(origin.reversed?.text)), ("operation", .optional(origin.json["operation"]?.string)),
        ])
    }
}
