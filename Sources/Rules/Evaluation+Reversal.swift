import Decisions
import Kernel
import Ledger

extension Evaluation {
    /// The earlier vouchers of this document, each again with negative amounts (红字冲销).
    mutating func reversals(by rule: Rule) throws(Stop) -> [VoucherProposal] {
        readsBooked = true
        var proposals: [VoucherProposal] = []
        for voucher in booked {
            let reference = Self.reference(of: voucher)
            let summary = "注销 \(voucher["date"]?.string ?? "") \(reference) 号凭证"
            let lines = try bookedLines(voucher, rule).map { line in
                line.negated(summary: summary, origin: line.origin)
            }
            proposals.append(try proposal(lines, summary: summary, files: [], reverses: reference))
        }
        return proposals
    }

    /// The new lines less what is booked: one line for each that differs.
    mutating func differences(_ lines: [VoucherLine], by rule: Rule) throws(Stop) -> [VoucherLine] {
        readsBooked = true
        var all = lines
        for voucher in booked {
            all += try bookedLines(voucher, rule).map { $0.negated(summary: $0.summary, origin: $0.origin) }
        }
        return merged(all)
    }

    private static func reference(of voucher: JSON) -> String {
        let number = voucher["no"].map { $0.string ?? $0.text } ?? "—"
        return "\(voucher["word"]?.string ?? "记")-\(number)"
    }

    private func bookedLines(_ voucher: JSON, _ rule: Rule) throws(Stop) -> [VoucherLine] {
        var lines: [VoucherLine] = []
        let reference = Self.reference(of: voucher)
        for (index, line) in (voucher["lines"]?.array ?? []).enumerated() {
            guard let account = line["account"]?.string.flatMap({ AccountCode($0) }),
                let side = line["side"]?.string.flatMap({ Side(rawValue: $0) }),
                let text = line["amount"]?.string, let amount = try? Money(parsing: text, input.currency)
            else { throw unreadable(reference, index) }
            var original: Money?
            if let code = line["currency"]?.string, let currency = Currency(code), currency != input.currency,
                let text = line["original"]?.string
            {
                guard let money = try? Money(parsing: text, currency) else { throw unreadable(reference, index) }
                original = money
            }
            let dimensions = line["dimensions"].flatMap { Dimensions(json: $0) } ?? .none
            lines.append(
                VoucherLine(
                    side, account, amount, summary: line["summary"]?.string ?? "", original: original,
                    rate: original.flatMap { Self.rate(amount, for: $0) }, dimensions: dimensions,
                    cashFlowItem: line["cash_flow_item"]?.string,
                    origin: LineOrigin(
                        json: .object([
                            ("kind", "reversal"), ("voucher", .string(reference)), ("line", .integer(index + 1)),
                            ("rule_book", .string(book.name)), ("rule_version", .string(book.version)),
                            ("rule", .string(rule.name)),
                        ])
                    )
                )
            )
        }
        return lines
    }

    private func unreadable(_ reference: String, _ index: Int) -> Stop {
        .hold(
            "booked_unreadable",
            Problem(
                code: "rules.booked_unreadable",
                title: Phrase(zh: "原凭证无法读取。", en: "An earlier voucher cannot be read."),
                location: Phrase(zh: "凭证 \(reference) 第 \(index + 1) 行", en: "voucher \(reference), line \(index + 1)"),
                cause: Phrase(zh: "该行缺少科目、方向或金额。", en: "The line lacks an account, a side or an amount."),
                remedy: Phrase(zh: "请会计手工冲销。", en: "An accountant takes it back by hand.")
            )
        )
    }

    /// The rate that gives the base amount of an original one, to eight decimals; never zero.
    static func rate(_ amount: Money, for original: Money) -> Rate? {
        guard !original.isZero else { return nil }
        var numerator = Int128(amount.minorUnits.magnitude) * Int128(Rate.scale)
        var denominator = Int128(original.minorUnits.magnitude)
        for _ in 0..<original.currency.minorDigits { numerator *= 10 }
        for _ in 0..<amount.currency.minorDigits { denominator *= 10 }
        let scaled = (numerator + denominator / 2) / denominator
        return scaled > 0 && scaled <= Int128(Rate.limit) ? Rate(scaled: Int64(scaled)) : nil
    }
}
