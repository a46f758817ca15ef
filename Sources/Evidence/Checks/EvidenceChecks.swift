import Kernel

/// One line of a voucher, as far as sums go.
struct LineAmounts {
    let net: WrittenAmount?
    let tax: WrittenAmount?
    let taxRate: String?
    let name: String?

    /// A line whose amounts cannot be read is kept as unreadable; totals decide, lines only confirm.
    init(name: String?, net: String?, tax: String?, taxRate: String?, currency: Currency) {
        self.name = name
        self.net = try? readAmount(net, field: "line", currency: currency)
        self.tax = try? readAmount(tax, field: "line", currency: currency)
        self.taxRate = normaliseRate(taxRate)
    }
}

extension EvidenceDraft {
    /// So many amounts at `Money.limit` add up without overflow; longer lists are not added.
    static let lineLimit = 5_000

    /// Net and tax add up to the total, with amounts that are no part of the tax base added to the net.
    mutating func checkSums() {
        guard let net, let total else { return }
        let sum = net + (tax ?? .zero(currency))
        let difference = total - sum
        checks.append(
            Check(
                name: "sums", ok: difference.isZero,
                detail: difference.isZero
                    ? Phrase(zh: "金额与税额合计等于价税合计。", en: "Net and tax add up to the total.")
                    : Phrase(
                        zh: "金额加税额为 \(sum.text)，价税合计为 \(total.text)，相差 \(difference.text)。",
                        en:
                            "net + tax is \(sum.text), the total is \(total.text): net + tax differs from total by \(difference.text)"
                    )
            )
        )
    }

    /// The lines add up to the totals.
    mutating func checkLines(_ lines: [LineAmounts]) {
        let written = lines.filter { $0.net?.text != nil || $0.net == nil }
        guard !written.isEmpty, let net, written.count <= Self.lineLimit else { return }
        guard written.allSatisfy({ $0.net?.money != nil && $0.tax != nil }) else {
            checks.append(
                Check(
                    name: "lines", ok: false,
                    detail: Phrase(zh: "有明细行的金额无法识读。", en: "The amount of a line cannot be read.")
                )
            )
            return
        }
        let netSum = written.reduce(Money.zero(currency)) { $0 + ($1.net?.money ?? .zero(currency)) }
        let taxSum = written.reduce(Money.zero(currency)) { $0 + ($1.tax?.money ?? .zero(currency)) }
        let isWhole = netSum == net && (tax == nil || taxSum == tax)
        checks.append(
            Check(
                name: "lines", ok: isWhole,
                detail: isWhole
                    ? Phrase(zh: "明细合计等于总额。", en: "The lines add up to the totals.")
                    : Phrase(
                        zh: "明细金额合计 \(netSum.text)、税额合计 \(taxSum.text)，票面为 \(net.text)、\(tax?.text ?? "—")。",
                        en:
                            "The lines give \(netSum.text) and tax \(taxSum.text); the totals say \(net.text) and \(tax?.text ?? "none")."
                    )
            )
        )
    }

    /// The total in words is the total in figures.
    mutating func checkCapitals(_ words: String?) {
        guard let words, let total, currency == .cny else { return }
        let amount = ChineseCapitals.amount(of: words)
        checks.append(
            Check(
                name: "capitals", ok: amount == total,
                detail: amount == total
                    ? Phrase(zh: "大写与小写一致。", en: "Words and figures agree.")
                    : Phrase(
                        zh: "大写「\(words)」与小写 \(total.text) 不一致。",
                        en: "The words “\(words)” are not the figures \(total.text)."
                    )
            )
        )
    }

    /// The number has the form its kind asks for.
    mutating func checkNumber() {
        guard let number else { return }
        let isDigits = number.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let ok: Bool
        let expected: Phrase
        switch kind {
        case .einvXML, .einvOFD, .einvPDF, .rai, .atr:
            ok = isDigits && number.utf8.count == 20
            expected = Phrase(zh: "20 位数字", en: "20 digits")
        case .invOFD, .invXBRL, .invPDF:
            ok = isDigits && number.utf8.count == 8 && [10, 12].contains(code?.utf8.count)
            expected = Phrase(zh: "8 位号码和 10 或 12 位代码", en: "a number of 8 digits and a code of 10 or 12")
        case .efi:
            ok = isDigits && number.utf8.count == 10 && code?.utf8.count == 8
            expected = Phrase(zh: "10 位号码和 8 位代码", en: "a number of 10 digits and a code of 8")
        case .bker, .bkrs, .ntrev: return
        }
        checks.append(
            Check(
                name: "number", ok: ok,
                detail: ok
                    ? Phrase(zh: "号码位数正确。", en: "The number has the right form.")
                    : Phrase(zh: "号码「\(number)」应为\(expected.zh)。", en: "“\(number)” should be \(expected.en).")
            )
        )
    }

    /// Two places of the voucher say the same.
    mutating func checkAgreement(_ name: String, _ first: String?, _ second: String?) {
        guard let first, let second else { return }
        checks.append(
            Check(
                name: name, ok: first == second,
                detail: first == second
                    ? Phrase(zh: "两处一致。", en: "Both places agree.")
                    : Phrase(
                        zh: "一处为「\(first)」，另一处为「\(second)」。", en: "One place says “\(first)”, another “\(second)”.")
            )
        )
    }

    /// What rules see of the lines, and the tax rate where there is only one.
    mutating func putRuleLines(_ lines: [LineAmounts]) {
        let rates = Set(lines.compactMap(\.taxRate))
        ruleMembers.append(JSON.Member("taxRate", rates.count == 1 ? .optional(rates.first) : .null))
        ruleMembers.append(
            JSON.Member(
                "lines",
                .array(
                    lines.map { line in
                        .object([
                            ("name", .optional(line.name)),
                            ("amountExTax", .optional(line.net?.money?.text)),
                            ("tax", .optional(line.tax?.money?.text)),
                            ("taxRate", .optional(line.taxRate)),
                        ])
                    }
                )
            )
        )
    }
}
