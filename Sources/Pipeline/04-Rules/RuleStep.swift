package import Kernel
import Ledger
package import Rules

/// Step 4: the rule book decides what a document books, and keeps its reasons.
package enum RuleStep {
    /// What the rules say, in the words of the way.
    package struct Decision: Sendable {
        package let outcome: Outcome
        package let trace: KeptJSON
    }

    package enum Outcome: Sendable {
        case vouchers([VoucherDraft])
        case nothingToBook(Phrase)
        case wait(Phrase)
        case hold(Problem)
    }

    /// Asks the rule books in force on the day of the document; the first that knows the document decides.
    package static func decide(
        document: Document, facts: Facts, evidence: [EvidenceRecord], picture: BookPicture,
        leads: Set<String>, now: Timestamp
    ) -> Decision {
        let shelf: RuleShelf
        switch picture.ruleBooks {
        case .success(let readable): shelf = readable
        case .failure(let error): return Decision(outcome: .hold(error.problem), trace: .null)
        }
        let input = input(document, facts, evidence, picture)
        var last: Decision?
        for book in shelf.inForce(on: day(of: document, picture: picture, now: now)) {
            let answer = book.evaluate(input)
            let decision = Decision(
                outcome: outcome(answer, of: book, document, picture, leads), trace: trace(answer, of: book, picture)
            )
            if case .hold(let problem, _) = answer.outcome, problem.code == "rules.no_match" {
                last = last ?? decision
                continue
            }
            return decision
        }
        return last ?? Decision(outcome: .hold(noBook(document)), trace: .null)
    }

    /// The day that chooses the version: of payment, of approval, or of the change.
    private static func day(of document: Document, picture: BookPicture, now: Timestamp) -> Day {
        let json = document.json
        let text = json["payment"]?["paid_at"]?.string ?? json["approved_at"]?.string ?? json["ended_at"]?.string
        return picture.zone.day(of: text.flatMap { Timestamp($0) } ?? now)
    }

    package static func input(
        _ document: Document, _ facts: Facts, _ evidence: [EvidenceRecord], _ picture: BookPicture
    ) -> RuleInput {
        let book = picture.book
        // An amendment was taken apart before: what it replaces is reversed, and it books like a new approval.
        let json =
            document.outcome == .amended
            ? document.json.setting("source", (document.json["source"] ?? .null).setting("outcome", "approved"))
            : document.json
        return RuleInput(
            book: [
                "standard": .string(book.standard), "taxpayer": .string(book.taxpayer), "words": .string(book.words),
                "currency": .string(book.currency.code), "zone": .string(book.zoneName), "name": .string(book.name),
                "tax_id": .optional(book.taxID),
            ],
            document: json, facts: facts.json, evidence: evidence.compactMap(\.ruleFields),
            settings: book.settings.rules["settings"] ?? [:], chart: picture.chart, zone: picture.zone
        )
    }

    private static func outcome(
        _ answer: RuleAnswer, of book: RuleBook, _ document: Document, _ picture: BookPicture, _ leads: Set<String>
    ) -> Outcome {
        switch answer.outcome {
        case .noVoucher(let reason): return .nothingToBook(reason)
        case .wait(_, let reason): return .wait(reason)
        case .hold(let problem, _), .reject(let problem, _): return .hold(problem)
        case .vouchers(let proposals):
            let policy = automaticReview(of: book, allowedBy: picture.book.settings, leads)
            return .vouchers(
                proposals.enumerated().map { index, proposal in
                    VoucherDraft(
                        word: proposal.word, date: proposal.date, dateNote: proposal.dateNote,
                        attachments: proposal.attachments, summary: proposal.summary, lines: proposal.lines,
                        maker: PersonID.rule(book: book.name, version: book.version),
                        movesMoney: proposal.lines.contains { picture.chart[$0.account]?.isCash == true }, index: index,
                        automaticReview: policy, documentNumber: document.number ?? document.approval.instance,
                        settles: [document.json["advance"]?["number"]?.string].compactMap(\.self)
                            + Facts.cited("goods_receipt", by: document)
                    )
                }
            )
        }
    }

    /// The rule book's policy, as far as the book's own settings let it: both name the same finance lead, who still
    /// is one; the lower ceiling counts.
    private static func automaticReview(
        of book: RuleBook, allowedBy settings: Book.Settings, _ leads: Set<String>
    ) -> AutomaticReview? {
        guard let policy = book.automaticReview, policy.authorisedBy == settings.automaticReviewAuthorisedBy,
            leads.contains(policy.authorisedBy)
        else { return nil }
        let ceiling = min(policy.ceiling.minorUnits, settings.automaticReviewCeiling)
        return try? AutomaticReview(
            ruleBook: book.name, version: book.version, ceiling: Money(minorUnits: ceiling, policy.ceiling.currency),
            samplePercent: policy.samplePercent, authorisedBy: PersonID(policy.authorisedBy)
        )
    }

    /// The trace with the versions it stands on, for the run.
    private static func trace(_ answer: RuleAnswer, of book: RuleBook, _ picture: BookPicture) -> KeptJSON {
        KeptJSON(
            .object([
                ("rule_book", .string("\(book.name)@\(book.version)")),
                ("master_data", .integer(picture.versions.masterData)), ("periods", .integer(picture.versions.periods)),
                ("facts", .array(answer.facts.map(\.json))), ("reasons", answer.trace.json),
            ]))
    }

    private static func noBook(_ document: Document) -> Problem {
        Problem(
            code: "rules.no_book",
            title: Phrase(zh: "没有生效的规则集。", en: "No rule book is in force."),
            location: Phrase(
                zh: "审批单 \(document.number ?? document.approval.instance)",
                en: "approval \(document.number ?? document.approval.instance)"
            ),
            cause: Phrase(
                zh: "单据日期当日没有已发布的规则集。", en: "No published rule book is in force on the document's day."
            ),
            remedy: Phrase(zh: "请由规则员编写、主管发布规则集，然后重试。", en: "Have a rule book written and published, then retry.")
        )
    }
}
