import Jobs
import Kernel
import Ledger
import Pipeline

// How the things of the books look in the API. Amounts are text, because many JSON readers turn numbers into floats.

extension Money {
    var answer: JSON { ["amount": .string(text), "currency": .string(currency.code)] }
}

extension Case {
    var answer: JSON {
        .object([
            ("id", .string(id.text)), ("number", .optional(number)), ("title", .string(title)),
            ("kind", .optional(kind)), ("outcome", .string(outcome.rawValue)), ("revision", .integer(revision)),
            ("applicant", .optional(applicant)), ("total", .optional(total)), ("currency", .optional(currency)),
            ("state", .string(state.rawValue)), ("step", .string(step.rawValue)), ("run", .integer(run)),
            ("problem", problem?.json ?? .null), ("note", note?.json ?? .null),
            ("received_at", .string(receivedAt.text)), ("changed_at", .string(changedAt.text)),
            ("version", .integer(version)),
        ])
    }
}

extension Case.Approval {
    var answer: JSON {
        ["connector": .string(connector), "tenant": .string(tenant), "instance": .string(instance)]
    }
}

extension CaseRun {
    var answer: JSON {
        .object([
            ("number", .integer(number)), ("started_at", .string(startedAt.text)), ("started_by", .string(startedBy)),
            ("reason", .string(reason)), ("step", .string(step.rawValue)), ("state", .string(state.rawValue)),
            ("problem", problem?.json ?? .null), ("trace", trace.value),
        ])
    }
}

extension VoucherRecord {
    var answer: JSON {
        .object([
            ("id", .string(voucher.id.text)), ("state", .string(state.rawValue)),
            ("draft_reference", .string(reference.text)), ("number", .optional(number?.text)),
            ("word", .string(voucher.word.rawValue)), ("period", .string(voucher.period.text)),
            ("date", .string(voucher.date.text)), ("attachments", .integer(voucher.attachments)),
            ("summary", .string(voucher.summary)), ("total", voucher.volume.answer),
            ("lines", .array(voucher.lines.map(\.answer))), ("case", .optional(caseID?.text)),
            ("reverses", .optional(voucher.reverses?.text)), ("reversed_by", .optional(standing.reversedBy?.text)),
            ("makers", .array(standing.makers.map { .string($0.text) })),
            ("reviewer", .optional(standing.reviewer?.text)),
            ("review_authorised_by", .optional(standing.reviewAuthorisedBy?.text)),
            ("cashier", .optional(standing.cashier?.text)), ("poster", .optional(standing.poster?.text)),
            ("return_reason", .optional(standing.returnReason)), ("version", .integer(version)),
        ])
    }
}

extension VoucherLine {
    var answer: JSON {
        .object([
            ("summary", .string(summary)), ("account", .string(account.text)), ("side", .string(side.rawValue)),
            ("amount", .string(amount.text)), ("currency", .string((original ?? amount).currency.code)),
            ("original", .optional(original?.text)), ("rate", .optional(rate?.text)),
            ("dimensions", dimensions.json), ("cash_flow_item", .optional(cashFlowItem)), ("origin", origin.json),
        ])
    }
}

extension EvidenceRecord {
    var answer: JSON {
        .object([
            ("id", .string(id)), ("case", .string(caseID.text)), ("file", .string(fileName)),
            ("sha256", .string(digest.hex)), ("media_type", .string(mediaType)), ("size", .integer(size)),
            ("kind", .optional(kind)), ("number", .optional(number)), ("fields", fields),
        ])
    }
}

extension ReceiptRecord {
    var answer: JSON {
        .object([
            ("event", .string(event)), ("text", .string(text)), ("state", .string(state.rawValue)),
            ("at", .string(at.text)),
        ])
    }
}

extension BookHealth {
    var answer: JSON {
        .object([
            (
                "states",
                .object(Case.State.allCases.map { ($0.rawValue, .integer(count($0))) })
            ),
            ("steps", .object(Step.allCases.map { ($0.rawValue, .integer(count(at: $0))) })),
            ("jobs", .integer(waitingJobs)), ("dead_letters", .integer(deadLetters)),
            ("oldest_due_seconds", .integer(oldestDueSeconds)),
            (
                "alerts",
                .array(
                    alerts.map(\.answer)
                )
            ),
        ])
    }
}

extension BookHealth.Alert {
    var answer: JSON { ["code": .string(code), "text": text.json, "page": .string(address)] }
}

extension Job {
    /// A job that was given up, as lists show it.
    var answer: JSON {
        .object([
            ("id", .integer(Int(id))), ("kind", .string(kind)), ("subject", .string(subject)),
            ("attempts", .integer(attempt)), ("problem", lastProblem?.json ?? .null),
        ])
    }
}
