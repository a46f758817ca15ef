import Decisions
import Kernel
import Ledger

extension Evaluation {
    static let draftLimit = 5_000

    /// The lines a template makes: like ones are one line, those of zero are left out.
    mutating func lines(of template: VoucherTemplate, by rule: Rule) throws(Stop) -> [VoucherLine] {
        var lines: [VoucherLine] = []
        var balances: [(index: Int, template: LineTemplate, gain: Formula?)] = []
        for line in template.lines {
            for local in try locals(of: line.repetition) {
                if let condition = line.condition, try !value(condition, local).isTrue { continue }
                switch line.amount {
                case .balance(let gain): balances.append((lines.count, line, gain))
                case .formula(let formula): lines += try make(line, formula, local, rule)
                }
                guard lines.count <= Self.draftLimit else { throw tooMany(rule) }
            }
        }
        for (index, line, gain) in balances.reversed() {
            if let made = try balancing(lines, line, gain, rule) { lines.insert(made, at: index) }
        }
        let result = merged(lines)
        guard result.count <= Voucher.lineLimit else { throw tooMany(rule) }
        return result
    }

    private mutating func make(
        _ template: LineTemplate, _ formula: Formula, _ local: Local, _ rule: Rule
    ) throws(Stop) -> [VoucherLine] {
        let place = Phrase(
            zh: "规则「\(rule.name)」分录「\(template.name)」", en: "rule “\(rule.name)”, line “\(template.name)”")
        let amount = try money(formula, in: input.currency, local, place)
        guard !amount.isZero else { return [] }
        let account = try account(template.account, local, place)
        var original: Money?
        if let currencyFormula = template.currency, let originalFormula = template.original,
            let code = try value(currencyFormula, local).string, let currency = Currency(code),
            currency != input.currency
        {
            original = try money(originalFormula, in: currency, local, place)
        }
        let dimensions = try dimensions(of: account, template, local, place)
        let summary = try summary(template.summary, local, rule)
        let parts = try cashFlow(of: template, account, amount, original, local, place)
        var lines: [VoucherLine] = []
        for part in parts where !part.amount.isZero {
            lines.append(
                VoucherLine(
                    template.side, account.code, part.amount, summary: summary,
                    original: part.original.flatMap { $0.isZero ? nil : $0 },
                    rate: part.original.flatMap { Self.rate(part.amount, for: $0) }, dimensions: dimensions,
                    cashFlowItem: part.item,
                    origin: origin(template, formula, amount, local, rule)
                )
            )
        }
        return lines
    }

    private mutating func balancing(
        _ lines: [VoucherLine], _ template: LineTemplate, _ gain: Formula?, _ rule: Rule
    ) throws(Stop) -> VoucherLine? {
        let place = Phrase(
            zh: "规则「\(rule.name)」分录「\(template.name)」", en: "rule “\(rule.name)”, line “\(template.name)”")
        let own = lines.total(of: template.side, in: input.currency)
        var amount = lines.total(of: template.side.opposite, in: input.currency) - own
        guard !amount.isZero else { return nil }
        var side = template.side
        var formula = template.account
        if amount.isNegative, let gain, try !value(gain).isNull {
            (side, amount, formula) = (side.opposite, -amount, gain)
        }
        let account = try account(formula, .none, place)
        return VoucherLine(
            side, account.code, amount, summary: try summary(template.summary, .none, rule),
            dimensions: try dimensions(of: account, template, .none, place),
            origin: LineOrigin.rule(book: book.name, version: book.version, name: rule.name, template: template.name)
        )
    }

    mutating func summary(_ template: TextTemplate?, _ local: Local, _ rule: Rule) throws(Stop) -> String {
        guard let template else { return String((input.document["title"]?.string ?? rule.name).prefix(120)) }
        return String(try text(template, local).prefix(120))
    }

    private mutating func money(
        _ formula: Formula, in currency: Currency, _ local: Local, _ place: Phrase
    ) throws(Stop) -> Money {
        let found = try value(formula, local)
        guard let number = found.number else {
            throw .value(formula, expected: Phrase(zh: "一个金额", en: "an amount"), found: found, where: place)
        }
        do {
            return try number.money(in: currency)
        } catch {
            throw .amount(formula, error, where: place)
        }
    }

    private mutating func account(_ formula: Formula, _ local: Local, _ place: Phrase) throws(Stop) -> Account {
        let found = try value(formula, local)
        guard let text = found.string, let code = AccountCode(text) else {
            throw .value(formula, expected: Phrase(zh: "一个科目编码", en: "an account code"), found: found, where: place)
        }
        guard let account = input.chart[code] else { throw .account(text, isKnown: false, where: place) }
        guard account.isLeaf else { throw .account(text, isKnown: true, where: place) }
        return account
    }

    /// The dimensions the account asks for, and no others.
    private mutating func dimensions(
        of account: Account, _ template: LineTemplate, _ local: Local, _ place: Phrase
    ) throws(Stop) -> Dimensions {
        guard !(account.dimensions.isEmpty && account.optionalDimensions.isEmpty) else { return .none }
        var local = local
        local.own["科目"] = .string(account.code.text)
        var items: [Dimensions.Item] = []
        for kind in account.dimensions {
            guard let formula = template.dimensions[kind] ?? book.dimensions.first(where: { $0.name == kind })?.formula,
                let code = try value(formula, local).string, !code.isEmpty
            else { throw .dimension(kind, account: account.code.text, where: place) }
            items.append(Dimensions.Item(kind: kind, code: code))
        }
        for kind in account.optionalDimensions where !account.dimensions.contains(kind) {
            guard let formula = template.dimensions[kind], let code = try value(formula, local).string, !code.isEmpty
            else { continue }
            items.append(Dimensions.Item(kind: kind, code: code))
        }
        return Dimensions(items) ?? .none
    }

    /// Lines alike in account, side, dimensions, cash-flow item and currency become one; debit and credit never do.
    func merged(_ lines: [VoucherLine]) -> [VoucherLine] {
        struct Key: Hashable {
            let account: AccountCode
            let side: Side
            let dimensions: Dimensions
            let item: String?
            let currency: Currency
        }
        var order: [Key] = []
        var groups: [Key: [VoucherLine]] = [:]
        for line in lines {
            let key = Key(
                account: line.account, side: line.side, dimensions: line.dimensions, item: line.cashFlowItem,
                currency: line.balanceCurrency)
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(line)
        }
        return order.compactMap { key -> VoucherLine? in
            guard let group = groups[key], let first = group.first else { return nil }
            guard group.count > 1 else { return first.amount.isZero ? nil : first }
            let amount = group.dropFirst().reduce(first.amount) { $0 + $1.amount }
            guard !amount.isZero else { return nil }
            let originals = group.compactMap(\.original)
            let original = originals.first.map { sum in originals.dropFirst().reduce(sum) { $0 + $1 } }
            return VoucherLine(
                first.side, first.account, amount, summary: first.summary, original: original,
                rate: original.flatMap { Self.rate(amount, for: $0) } ?? (original == nil ? nil : first.rate),
                dimensions: first.dimensions, cashFlowItem: first.cashFlowItem,
                origin: LineOrigin(json: first.origin.json.setting("parts", .array(group.map(\.origin.json))))
            )
        }
    }

    private func tooMany(_ rule: Rule) -> Stop {
        .hold(
            "too_many_lines",
            Problem(
                code: "rules.too_many_lines",
                title: Phrase(zh: "凭证分录过多。", en: "The voucher would have too many lines."),
                location: Phrase(zh: "规则「\(rule.name)」", en: "rule “\(rule.name)”"),
                cause: Phrase(zh: "上限为 \(Voucher.lineLimit) 行。", en: "The limit is \(Voucher.lineLimit) lines."),
                remedy: Phrase(zh: "请拆分单据。", en: "Split the document.")
            )
        )
    }
}
