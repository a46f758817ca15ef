import Kernel
import Markup

/// A voucher while it is being read: fields are put down in the order in which they are printed.
struct EvidenceDraft {
    let kind: EvidenceKind
    let file: String
    /// The entry of the package the fields come from, or empty.
    let part: String
    let currency: Currency

    var number: String?
    var code: String?
    var issueDate: Day?
    var seller = EvidenceFile.Party(name: nil, taxId: nil)
    var buyer = EvidenceFile.Party(name: nil, taxId: nil)
    var passenger: String?
    var isRed = false
    var originalNumber: String?
    var invoiceType: String?
    var specialLabel: String?
    var signatures: [SignatureFinding] = []
    var checks: [Check] = []
    var registerKey: String?
    var ruleMembers: [JSON.Member] = []
    private(set) var net: Money?
    private(set) var tax: Money?
    private(set) var total: Money?
    private(set) var members: [JSON.Member] = []
    private(set) var origins: [String: FieldOrigin] = [:]

    init(kind: EvidenceKind, file: String, part: String, currency: Currency = .cny) {
        self.kind = kind
        self.file = file
        self.part = part
        self.currency = currency
        members.reserveCapacity(24)
    }

    mutating func put(_ name: String, _ value: JSON, from path: String? = nil, in part: String? = nil) {
        members.append(JSON.Member(name, value))
        if let path, !value.isNull { origins[name] = FieldOrigin(part: part ?? self.part, path: path) }
    }

    /// Puts down an amount as it was written, and gives it as money.
    @discardableResult
    mutating func putAmount(_ name: String, _ text: String?, from path: String?) throws(EvidenceError) -> Money? {
        let amount = try readAmount(text, field: name, currency: currency)
        put(name, .optional(amount.text), from: path)
        switch name {
        case "amountExTax": net = amount.money
        case "tax": tax = amount.money
        case "total": total = amount.money
        default: break
        }
        return amount.money
    }

    mutating func putDate(_ name: String, _ text: String?, from path: String?) {
        let day = text.flatMap { readDay($0) }
        put(name, .optional(day?.text ?? text), from: path)
        if name == "issueDate" { issueDate = day }
    }

    mutating func putParties(
        buyer: EvidenceFile.Party, from buyerPath: String?, seller: EvidenceFile.Party, from sellerPath: String?
    ) {
        self.buyer = buyer
        self.seller = seller
        put("buyer", buyer.json, from: buyerPath)
        put("seller", seller.json, from: sellerPath)
    }

    func finish() throws(EvidenceError) -> EvidenceFile {
        let key = registerKey ?? number.map { number in code.map { "\($0)-\(number)" } ?? number }
        guard let key else { throw EvidenceError(.missingField("number"), part: part.isEmpty ? nil : part) }
        return EvidenceFile(
            kind: kind, file: file, number: number, code: code, fields: .object(members), currency: currency,
            total: total, net: net, tax: tax, issueDate: issueDate, seller: seller, buyer: buyer,
            passenger: passenger, isRed: isRed || total?.isNegative == true, originalNumber: originalNumber,
            invoiceType: invoiceType, specialLabel: specialLabel, signatures: signatures, checks: checks,
            origins: origins, registerKey: key, ruleMembers: ruleMembers
        )
    }
}

/// An amount as it was written, and as money where it is one.
struct WrittenAmount {
    let text: String?
    let money: Money?
}

/// Reads an amount from its source text. Asterisks mean that none is shown; that is not zero.
func readAmount(_ source: String?, field: String, currency: Currency) throws(EvidenceError) -> WrittenAmount {
    guard let text = source?.trimmed, !text.isEmpty else { return WrittenAmount(text: nil, money: nil) }
    if text.utf8.allSatisfy({ $0 == UInt8(ascii: "*") }) { return WrittenAmount(text: text, money: nil) }
    do {
        let money = try Money(parsing: withoutSpareZeros(text, decimals: currency.minorDigits), currency)
        // Minus zero is zero: a red invoice takes something back.
        let isNegativeZero = money.isZero && text.utf8.first == UInt8(ascii: "-")
        return WrittenAmount(text: isNegativeZero ? String(text.dropFirst()) : text, money: money)
    } catch {
        switch error {
        case .tooLarge: throw EvidenceError(.amountOutOfRange(field: field, text: String(text.prefix(64))))
        case .notADecimal, .tooPrecise:
            throw EvidenceError(.invalidAmount(field: field, text: String(text.prefix(64))))
        }
    }
}

/// `1.500` as `1.50`: zeros below the smallest unit say nothing.
private func withoutSpareZeros(_ text: String, decimals: Int) -> String {
    guard let point = text.utf8.lastIndex(of: UInt8(ascii: ".")) else { return text }
    var digits = Substring(text)
    let keep = text.utf8.distance(from: text.startIndex, to: point) + 1 + decimals
    while digits.utf8.count > keep, digits.utf8.last == UInt8(ascii: "0") { digits.removeLast() }
    return digits.utf8.last == UInt8(ascii: ".") && decimals == 0 ? String(digits.dropLast()) : String(digits)
}

/// Reads the forms of a date that vouchers use: `2026-03-12 09:31:40`, `20260312`, `2024年05月28日`, `2026/3/2`.
func readDay(_ text: String) -> Day? {
    var numbers: [Int] = []
    var widths: [Int] = []
    var isInNumber = false
    for byte in text.trimmed.utf8 {
        if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            if !isInNumber {
                // What follows the day is the time.
                guard numbers.count < 3 else { break }
                numbers.append(0)
                widths.append(0)
            }
            isInNumber = true
            guard widths[widths.count - 1] < 17 else { return nil }
            numbers[numbers.count - 1] = numbers[numbers.count - 1] * 10 + Int(byte - UInt8(ascii: "0"))
            widths[widths.count - 1] += 1
        } else {
            isInNumber = false
        }
    }
    if let first = numbers.first, widths[0] >= 8 {
        var value = first
        for _ in 8..<widths[0] { value /= 10 }
        return Day(year: value / 10_000, month: value / 100 % 100, day: value % 100)
    }
    guard numbers.count == 3, widths[0] == 4, widths[1] <= 2, widths[2] <= 2 else { return nil }
    return Day(year: numbers[0], month: numbers[1], day: numbers[2])
}

/// A tax rate as a decimal: `13.00%` is `0.13`. Words such as 免税 stay as they are.
func normaliseRate(_ text: String?) -> String? {
    guard let text = text?.trimmed, !text.isEmpty else { return nil }
    if text.hasSuffix("%"), let percent = Rate(String(text.dropLast())) {
        return Rate(scaled: percent.scaled / 100).text
    }
    return Rate(text)?.text ?? text
}
