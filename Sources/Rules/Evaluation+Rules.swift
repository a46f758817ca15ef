import Decisions
import Kernel
import Ledger

extension Evaluation {
    /// Asks the rules in their order; the first whose conditions all hold decides.
    mutating func decide() throws(Stop) -> RuleOutcome {
        var reversals: [VoucherProposal] = []
        var isDifference = false
        for rule in book.rules {
            guard try holds(rule) else { continue }
            switch rule.action {
            case .reverse:
                reversals += try self.reversals(by: rule)
                if !rule.continues { return .vouchers(reversals) }
            case .difference:
                isDifference = true
            case .noVoucher(let reason):
                guard reversals.isEmpty else { return .vouchers(reversals) }
                return .noVoucher(reason: try phrase(reason))
            case .wait(let party, let reason):
                return .wait(for: party, reason: try phrase(reason))
            case .stop(let way, let problemClass, let cause):
                throw try stop(way, problemClass, cause: cause, .none, name: rule.name)
            case .vouchers(let templates):
                return try vouchers(templates, by: rule, after: reversals, isDifference: isDifference)
            }
        }
        throw noMatch()
    }

    private mutating func holds(_ rule: Rule) throws(Stop) -> Bool {
        var findings: [Trace.Finding] = []
        for condition in rule.when {
            let finding = try finding(condition, .none)
            findings.append(finding)
            guard finding.holds else {
                trace.rules.append(Trace.Trial(name: rule.name, holds: false, findings: findings))
                return false
            }
        }
        trace.rules.append(Trace.Trial(name: rule.name, holds: true, findings: findings))
        return true
    }

    private mutating func vouchers(
        _ templates: [VoucherTemplate], by rule: Rule, after reversals: [VoucherProposal], isDifference: Bool
    ) throws(Stop) -> RuleOutcome {
        var drafts: [(template: VoucherTemplate, lines: [VoucherLine])] = []
        for template in templates {
            var lines = try lines(of: template, by: rule)
            if isDifference { lines = try differences(lines, by: rule) }
            guard !lines.isEmpty else { continue }
            try balance(lines, rule)
            drafts.append((template, lines))
        }
        // Approval moves no money: a line on a cash account needs proof, and has no date without it.
        let movesMoney = drafts.contains { $0.lines.contains { input.chart[$0.account]?.isCash == true } }
        if movesMoney, !isDifference, try !value(book.paid).isTrue {
            return .wait(
                for: "payment",
                reason: Phrase(
                    zh: "分录涉及现金或银行，等付款时间或银行回单。",
                    en: "A line is on a cash account; the time of payment or a bank receipt is awaited."
                )
            )
        }
        var proposals = reversals
        for (template, lines) in drafts {
            let summary = try summary(template.summary, .none, rule)
            proposals.append(try proposal(lines, summary: summary, files: template.countsAttachments ? newFiles : []))
        }
        guard !proposals.isEmpty else {
            return .noVoucher(reason: Phrase(zh: "没有需要入账的金额。", en: "There is no amount to book."))
        }
        return .vouchers(proposals)
    }

    mutating func proposal(
        _ lines: [VoucherLine], summary: String, files: [String], reverses: String? = nil
    ) throws(Stop) -> VoucherProposal {
        let movesMoney = lines.contains { input.chart[$0.account]?.isCash == true }
        let (date, note) = try accountingDate(movesMoney: movesMoney)
        trace.lines.append(lines.map(\.origin.json))
        return VoucherProposal(
            word: input.words.word(for: lines, in: input.chart), date: date, dateNote: note, attachments: files.count,
            files: files, summary: String(summary.prefix(120)), lines: lines, reverses: reverses
        )
    }

    /// The files of the document and of its e-vouchers, each once, less those an earlier voucher counted.
    var newFiles: [String] {
        var files: [String] = []
        let counted = Set(
            (input.facts["booked"]?.array ?? []).flatMap { $0["files"]?.array ?? [] }.compactMap(\.string))
        let names =
            (input.document["attachments"]?.array ?? []).compactMap { $0["name"]?.string }
            + input.evidence.compactMap { $0["file"]?.string }
        for name in names where !counted.contains(name) && !files.contains(name) { files.append(name) }
        return files
    }

    private func balance(_ lines: [VoucherLine], _ rule: Rule) throws(Stop) {
        let debit = lines.total(of: .debit, in: input.currency)
        let credit = lines.total(of: .credit, in: input.currency)
        guard debit != credit else { return }
        throw Stop(
            way: .reject, problemClass: "unbalanced",
            problem: Problem(
                code: "rules.unbalanced", title: Phrase(zh: "借贷不平。", en: "Debits and credits differ."),
                location: Phrase(zh: "规则「\(rule.name)」的凭证", en: "the voucher of rule “\(rule.name)”"),
                cause: Phrase(
                    zh: "借方合计 \(debit)，贷方合计 \(credit)，明细、核销与付款金额不相等。",
                    en: "Debits are \(debit), credits are \(credit): items, offsets and payment do not add up."
                ),
                remedy: Phrase(zh: "请申请人改正金额后重新提交。", en: "The applicant corrects the amounts and submits again.")
            )
        )
    }

    /// A document that no rule fits is held, and each rule says what failed first.
    private func noMatch() -> Stop {
        let reasons = trace.rules.compactMap { trial in trial.failed.map { (trial.name, $0) } }
        let zh = reasons.map { "「\($0.0)」：\($0.1.condition)" }.joined(separator: "；")
        let en = reasons.map { "“\($0.0)”: \($0.1.condition)" }.joined(separator: "; ")
        let kind = input.document["kind"]?.string ?? "—"
        return .hold(
            "no_match",
            Problem(
                code: "rules.no_match", title: Phrase(zh: "没有规则适用于这张单据。", en: "No rule fits the document."),
                location: Phrase(
                    zh: "规则集「\(book.name)」\(book.version)，单据类型 \(kind)",
                    en: "rule book “\(book.name)” \(book.version), document kind \(kind)"),
                cause: Phrase(zh: "各规则第一个不成立的条件——\(zh)。", en: "The first condition of each rule that failed: \(en)."),
                remedy: Phrase(
                    zh: "请会计为这类单据增加规则，或更正单据。", en: "An accountant adds a rule for such documents, or corrects this one."
                )
            )
        )
    }
}
