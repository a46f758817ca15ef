import Evidence
import Kernel
import Ledger
import Pipeline

/// Turns values into the words and figures of a page, in one language and time zone.
struct Dress: Sendable {
    let texts: PageTexts
    let language: Language
    let zone: Zone

    func phrase(_ phrase: Phrase?) -> JSON { phrase.map { .string($0.text(in: language)) } ?? .null }

    /// `2026-11-20 10:15:00`, in the book's zone.
    func time(_ instant: Timestamp) -> String {
        let text = instant.text(offsetSeconds: zone.offsetSeconds(at: instant))
        return text.prefix(10) + " " + text.dropFirst(11).prefix(8)
    }

    /// `11-20 10:15`, for lists; the whole time stands beside it as a tooltip.
    func shortTime(_ instant: Timestamp) -> String { String(time(instant).dropFirst(5).prefix(11)) }

    /// A time as an OA wrote it, in the book's zone where it can be read.
    func time(_ text: String?) -> String {
        guard let text else { return "" }
        return Timestamp(text).map { time($0) } ?? text
    }

    func state(_ state: some RawRepresentable<String>) -> JSON {
        ["code": .string(state.rawValue), "label": .string(texts.text("state", state.rawValue))]
    }

    func step(_ step: Step) -> String { texts.text("step", step.rawValue) }

    func kind(_ kind: String?) -> JSON { kind.map { .string(texts.text("kind", $0)) } ?? .null }

    /// `3,280.00`; red ones carry a minus sign.
    func amount(_ money: Money) -> String { Self.grouped(money.text) }

    /// The amount, or nothing for zero, as voucher columns have it.
    func amountOrBlank(_ money: Money) -> String { money.isZero ? "" : amount(money) }

    /// Groups the whole part of a plain decimal; any other text stays as it is.
    static func grouped(_ text: String) -> String {
        let sign = text.hasPrefix("-") ? "-" : ""
        let parts = text.dropFirst(sign.count).split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty, parts.count <= 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return text }
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index).isMultiple(of: 3) { grouped += "," }
            grouped.append(digit)
        }
        return sign + grouped + (parts.count == 2 ? "." + parts[1] : "")
    }

    /// The four answers of a problem (出了什么事、在哪里、为什么、怎么办).
    func problem(_ problem: Problem?) -> JSON {
        guard let problem else { return .null }
        return .object([
            ("code", .string(problem.code)), ("what", phrase(problem.title)), ("where", phrase(problem.location)),
            ("why", phrase(problem.cause)), ("remedy", phrase(problem.remedy)),
        ])
    }

    /// The nine stations with where a case stands.
    func way(of theCase: Case) -> JSON {
        let here = theCase.step.position
        let stations = Step.allCases.map { step -> JSON in
            let mark: String
            switch theCase.state {
            case .held where step.position == here: mark = "held"
            case .waiting where step.position == here: mark = "waiting"
            case .running where step.position == here: mark = "here"
            case .posted, .nothingToBook, .reversed: mark = step.position <= here ? "done" : ""
            default: mark = step.position < here ? "done" : step.position == here ? "here" : ""
            }
            return .object([
                ("label", .string(self.step(step))), ("mark", .string(mark)),
                ("number", .integer(step.position + 1)), ("current", .bool(step.position == here)),
            ])
        }
        return .array(stations)
    }

    /// A sentence after a form was sent; nothing for a key the catalogue does not have.
    func done(_ key: String?) -> JSON { key.flatMap { texts.find("done", $0) }.map(JSON.string) ?? .null }

    /// One case in a list.
    func row(_ theCase: Case) -> JSON {
        .object([
            ("id", .string(theCase.id.text)), ("name", .string(theCase.name)), ("caseTitle", .string(theCase.title)),
            ("kind", kind(theCase.kind)), ("applicant", .optional(theCase.applicant)),
            ("total", .optional(theCase.total.map { Self.grouped($0) })),
            ("currency", theCase.currency == "CNY" ? .null : .optional(theCase.currency)),
            ("state", state(theCase.state)), ("step", .string(step(theCase.step))),
            ("received", .string(shortTime(theCase.receivedAt))), ("receivedFull", .string(time(theCase.receivedAt))),
            ("changed", .string(shortTime(theCase.changedAt))), ("changedFull", .string(time(theCase.changedAt))),
            ("why", phrase(theCase.problem?.title ?? theCase.note)),
        ])
    }

    /// One voucher in a list.
    func row(_ record: VoucherRecord) -> JSON {
        .object([
            ("id", .string(record.voucher.id.text)), ("label", .string(record.number?.text ?? record.reference.text)),
            ("date", .string(record.voucher.date.text)), ("summary", .string(record.voucher.summary)),
            ("total", .string(amount(record.voucher.total))), ("isRed", .bool(record.voucher.reverses != nil)),
            ("state", voucherState(record)), ("period", .string(record.voucher.period.text)),
            ("case", .optional(record.caseID?.text)), ("lineCount", .integer(record.voucher.lines.count)),
            ("makers", .string(record.standing.makers.map(\.text).joined(separator: "、"))),
            ("returned", .optional(record.state == .draft ? record.standing.returnReason : nil)),
        ])
    }

    /// The voucher's state; a reversed one says so.
    func voucherState(_ record: VoucherRecord) -> JSON {
        if record.standing.reversedBy != nil {
            return ["code": "reversed", "label": .string(texts.text("state", "reversed"))]
        }
        return state(record.state)
    }
}

extension PageDesk {
    func dress(_ context: DoorContext, _ settings: Book? = nil) -> Dress {
        Dress(
            texts: texts(context), language: context.language,
            zone: settings.map { Zone.named($0.zoneName) } ?? .shanghai
        )
    }
}
