/// An exact amount of one currency, counted in the currency's smallest unit (金额).
///
/// `¥12.34` is `Money(minorUnits: 12_34, .cny)`. Amounts are never floating point, and no
/// operation rounds unless its name says so.
package struct Money: Hashable, Sendable {
    /// The largest amount accepted from outside, in either direction.
    ///
    /// A thousand amounts at the limit still add up without overflow; `Voucher.lineLimit` relies on
    /// that, so arithmetic on checked input needs no overflow handling.
    package static let limit: Int64 = 1_000_000_000_000_000

    package let minorUnits: Int64
    package let currency: Currency

    package init(minorUnits: Int64, _ currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    package static func zero(_ currency: Currency) -> Money {
        Money(minorUnits: 0, currency)
    }

    package var isZero: Bool { minorUnits == 0 }
    package var isNegative: Bool { minorUnits < 0 }

    /// Adds two amounts of the same currency.
    ///
    /// A currency mix here is our bug, not the sender's: input is checked where it enters.
    package static func + (left: Money, right: Money) -> Money {
        precondition(left.currency == right.currency, "cannot add \(right) to \(left)")
        return Money(minorUnits: left.minorUnits + right.minorUnits, left.currency)
    }

    package static func - (left: Money, right: Money) -> Money {
        left + -right
    }

    package static prefix func - (amount: Money) -> Money {
        Money(minorUnits: -amount.minorUnits, amount.currency)
    }

    package static func += (left: inout Money, right: Money) {
        left = left + right
    }
}

extension Money {
    /// Reads a plain decimal such as `1234.50` or `-3`.
    ///
    /// Grouping marks, exponents and digits below the smallest unit are refused rather than
    /// guessed at: `1,234.5` is one thousand in one locale and one in another.
    package init(parsing text: String, _ currency: Currency) throws(MoneyError) {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        var magnitude: Int64 = 0
        var decimals = -1
        var digits = 0
        for byte in text.utf8.dropFirst(isNegative ? 1 : 0) {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits += 1
                if decimals >= 0 { decimals += 1 }
                guard decimals <= currency.minorDigits else {
                    throw Self.isDecimal(text)
                        ? .tooPrecise(text, minorDigits: currency.minorDigits) : .notADecimal(text)
                }
                magnitude = magnitude * 10 + Int64(byte - UInt8(ascii: "0"))
                guard magnitude <= Money.limit else {
                    throw Self.isDecimal(text) ? .tooLarge(text) : .notADecimal(text)
                }
            case UInt8(ascii: ".") where decimals < 0 && digits > 0:
                decimals = 0
            default:
                throw .notADecimal(text)
            }
        }
        guard digits > 0, decimals != 0 else { throw .notADecimal(text) }
        for _ in max(decimals, 0)..<currency.minorDigits {
            magnitude *= 10
            guard magnitude <= Money.limit else { throw .tooLarge(text) }
        }
        self.init(minorUnits: isNegative ? -magnitude : magnitude, currency)
    }

    private static func isDecimal(_ text: String) -> Bool {
        let parts = text.drop(while: { $0 == "-" }).split(separator: ".", omittingEmptySubsequences: false)
        return parts.count <= 2
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { UInt8(ascii: "0") <= $0 && $0 <= UInt8(ascii: "9") }
            }
    }

    /// The amount as a plain decimal with all digits of its currency: `-1234.50`.
    package var text: String {
        let digits = String(minorUnits.magnitude)
        let padded = String(repeating: "0", count: max(0, currency.minorDigits + 1 - digits.count)) + digits
        let sign = minorUnits < 0 ? "-" : ""
        guard currency.minorDigits > 0 else { return sign + padded }
        return "\(sign)\(padded.dropLast(currency.minorDigits)).\(padded.suffix(currency.minorDigits))"
    }

    /// Splits the amount by weights into parts that add up to it exactly.
    ///
    /// Each part is rounded towards zero; what is left goes to the part with the largest weight, the
    /// first of them where several are equal. Weights that are all zero leave everything to the first part.
    package func split(by weights: [Int64]) -> [Money] {
        precondition(!weights.isEmpty && weights.allSatisfy { $0 >= 0 }, "weights are not negative and not none")
        let total = weights.reduce(Int128(0)) { $0 + Int128($1) }
        var parts = weights.map { weight in
            total == 0 ? 0 : Int64(Int128(minorUnits) * Int128(weight) / total)
        }
        let largest = weights.indices.max { weights[$0] < weights[$1] || (weights[$0] == weights[$1] && $0 > $1) } ?? 0
        parts[largest] += minorUnits - parts.reduce(0, +)
        return parts.map { Money(minorUnits: $0, currency) }
    }
}

extension Money: CustomStringConvertible {
    /// The amount as it is written in messages: `-1234.50 CNY`.
    package var description: String { "\(text) \(currency.code)" }
}

/// Why a text is not an amount.
package enum MoneyError: Error, Equatable {
    case notADecimal(String)
    case tooPrecise(String, minorDigits: Int)
    case tooLarge(String)
}

extension MoneyError: Explainable {
    package var problem: Problem {
        switch self {
        case .notADecimal(let text):
            Problem(
                code: "money.not_a_decimal",
                title: Phrase(zh: "这不是一个金额。", en: "This is not an amount."),
                location: Phrase(zh: "金额「\(text)」", en: "amount “\(text)”"),
                cause: Phrase(
                    zh: "金额由数字、至多一个小数点和可选的负号组成。",
                    en: "An amount is digits, at most one point, and a leading minus sign."
                ),
                remedy: Phrase(
                    zh: "请写成 1234.50 的形式，不带千分位和货币符号。",
                    en: "Write it like 1234.50, without grouping marks or currency sign."
                )
            )
        case .tooPrecise(let text, let minorDigits):
            Problem(
                code: "money.too_precise",
                title: Phrase(zh: "金额的小数位过多。", en: "The amount has too many decimals."),
                location: Phrase(zh: "金额「\(text)」", en: "amount “\(text)”"),
                cause: Phrase(zh: "该币种有 \(minorDigits) 位小数。", en: "The currency has \(minorDigits) decimals."),
                remedy: Phrase(
                    zh: "请在计算处写明舍入，使舍入有据可查。",
                    en: "Round the amount where it is calculated, so that the rounding is on record."
                )
            )
        case .tooLarge(let text):
            Problem(
                code: "money.too_large",
                title: Phrase(zh: "金额过大。", en: "The amount is too large."),
                location: Phrase(zh: "金额「\(text)」", en: "amount “\(text)”"),
                cause: Phrase(
                    zh: "上限为 \(Money.limit) 个最小货币单位。",
                    en: "The limit is \(Money.limit) smallest units."
                ),
                remedy: Phrase(zh: "请检查金额是否多写了数字。", en: "Check the amount for extra digits.")
            )
        }
    }
}
