package import Kernel
package import Ledger

/// What a rule book is asked: one document with its facts and e-vouchers, in the shapes of the document schema.
package struct RuleInput: Sendable {
    /// `{"standard", "taxpayer", "words", "currency", "zone"}`.
    package let book: JSON
    package let document: JSON
    package let facts: JSON
    package let evidence: [JSON]
    /// The company's choices; what it leaves out takes the book's default.
    package let settings: JSON
    package let chart: Chart
    /// The zone of the accounting day.
    package let zone: Zone

    package init(
        book: JSON, document: JSON, facts: JSON, evidence: [JSON], settings: JSON = .object([JSON.Member]()),
        chart: Chart, zone: Zone = .shanghai
    ) {
        self.book = book
        self.document = document
        self.facts = facts
        self.evidence = evidence
        self.settings = settings
        self.chart = chart
        self.zone = zone
    }

    /// The currency of the book; yuan where none is named.
    package var currency: Currency { book["currency"]?.string.flatMap { Currency($0) } ?? .cny }
    package var words: BookWords { book["words"]?.string.flatMap { BookWords(rawValue: $0) } ?? .general }
}

/// What a rule book answers to a document.
package enum RuleOutcome: Hashable, Sendable {
    case vouchers([VoucherProposal])
    case noVoucher(reason: Phrase)
    /// Something outside has to happen first; `payment` is the party of money.
    case wait(for: String, reason: Phrase)
    /// Somebody in the company can settle it.
    case hold(Problem, problemClass: String)
    /// The document itself is wrong and goes back.
    case reject(Problem, problemClass: String)

    /// The word of the worked cases: `voucher`, `vouchers`, `no_voucher`, `wait`, `hold`, `reject`.
    package var word: String {
        switch self {
        case .vouchers(let proposals): proposals.count == 1 ? "voucher" : "vouchers"
        case .noVoucher: "no_voucher"
        case .wait: "wait"
        case .hold: "hold"
        case .reject: "reject"
        }
    }
}

/// A voucher as the rules propose it; it has no number, no maker and no id yet (凭证建议).
package struct VoucherProposal: Hashable, Sendable {
    package let word: VoucherWord
    package let date: Day
    /// Why the date is not the document's own, where it is not.
    package let dateNote: Phrase?
    package let attachments: Int
    /// The files counted in `attachments`.
    package let files: [String]
    package let summary: String
    package let lines: [VoucherLine]
    /// The earlier voucher of this document that it takes back, as `记-21`.
    package let reverses: String?

    package init(
        word: VoucherWord, date: Day, dateNote: Phrase?, attachments: Int, files: [String], summary: String,
        lines: [VoucherLine], reverses: String? = nil
    ) {
        self.word = word
        self.date = date
        self.dateNote = dateNote
        self.attachments = attachments
        self.files = files
        self.summary = summary
        self.lines = lines
        self.reverses = reverses
    }
}

/// The answer of a rule book, with why, and with the facts that have to be the same when it is committed.
package struct RuleAnswer: Sendable {
    package let outcome: RuleOutcome
    package let trace: Trace
    package let facts: [FactUse]
}

/// A fact that an evaluation read, and what it was.
package struct FactUse: Hashable, Sendable {
    package let name: String
    /// `null` where the fact was unknown.
    package let value: JSON

    package init(name: String, value: JSON) {
        self.name = name
        self.value = value
    }

    package var json: JSON { .object([("name", .string(name)), ("value", value)]) }
}
