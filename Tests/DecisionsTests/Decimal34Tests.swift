import Decisions
import Foundation
import Kernel
import Testing

@Suite("Decimal34")
struct Decimal34Tests {
    private func number(_ text: String) throws -> Decimal34 { try #require(Decimal34(text), "\(text)") }

    @Test(
        "writes what it reads",
        arguments: [
            "0", "1", "-1", "1.50", "-0.001", "0.00", "9999999999999999999999999999999999",
            "0.1234567890123456789012345678901234", "100",
        ]
    )
    func roundTrip(text: String) throws {
        #expect(try number(text).text == text)
    }

    @Test(
        "reads exponents, leading points and digits beyond the 34th",
        arguments: [
            (".5", "0.5"), ("1e3", "1000"), ("1.25E-2", "0.0125"), ("-1e+2", "-100"), ("007", "7"),
            ("12345678901234567890123456789012345", "12345678901234567890123456789012340"),
            ("12345678901234567890123456789012355", "12345678901234567890123456789012360"),
            ("123456789012345678901234567890123450000000001", "123456789012345678901234567890123500000000000"),
        ]
    )
    func reads(text: String, plain: String) throws {
        #expect(try number(text).text == plain)
    }

    @Test(
        "refuses what is no number or out of range",
        arguments: [
            "", "-", ".", "5.", "1e", "1e+", "+1", " 1", "1 ", "1,5", "0x1", "1.2.3", "--1", "十", "1e6145", "9e9999",
        ]
    )
    func refuses(text: String) {
        #expect(Decimal34(text) == nil)
    }

    @Test("keeps to the range of decimal128 at both ends")
    func range() throws {
        let largest = try number("9999999999999999999999999999999999e6111")
        #expect(largest.adding(try number("4e6110")) == largest)
        #expect(largest.adding(try number("5e6110")) == nil)
        #expect(largest.multiplied(by: 10) == nil)
        #expect(try number("1e6144").text.utf8.count == 6145)
        #expect(try number("1e-6176").divided(by: 2) == .zero)
        #expect(try number("1e-6176").divided(by: 1) == number("1e-6176"))
        #expect(try number("3e-6176").divided(by: 2) == number("2e-6176"))
    }

    @Test("equal numbers are equal however they are written, and hash alike")
    func equality() throws {
        let texts = ["100", "1e2", "100.000", "1.0e2"]
        for text in texts {
            #expect(try number(text) == 100)
            #expect(try number(text).hashValue == Decimal34(100).hashValue)
        }
        #expect(try number("-0") == 0)
    }

    @Test(
        "is a whole number only if it is one that fits",
        arguments: [
            ("5", 5), ("5.00", 5), ("1e3", 1000), ("9223372036854775807", Int.max), ("9223372036854775808", nil),
            ("-7", -7), ("0.5", nil), ("1e40", nil), ("0e40", 0),
        ] as [(String, Int?)]
    )
    func integers(text: String, expected: Int?) throws {
        #expect(try number(text).integer == expected)
    }

    @Test("takes money and rates exactly")
    func fromMoney() throws {
        #expect(Decimal34(Money(minorUnits: -1_234_50, .cny)).text == "-1234.50")
        #expect(Decimal34(Money(minorUnits: 7, .jpy)).text == "7")
        #expect(Decimal34(try #require(Rate("7.1234"))).text == "7.1234")
    }

    @Test(
        "gives money without rounding",
        arguments: [
            ("1.5", Currency.cny, 150), ("-0.05", .cny, -5), ("1.500", .cny, 150), ("1e2", .cny, 10_000),
            ("12", .jpy, 12), ("10000000000000", .cny, Money.limit), ("0", .cny, 0), ("0.000", .jpy, 0),
        ] as [(String, Currency, Int64)]
    )
    func toMoney(text: String, currency: Currency, minorUnits: Int64) throws {
        #expect(try number(text).money(in: currency) == Money(minorUnits: minorUnits, currency))
    }

    @Test(
        "refuses digits the currency does not have",
        arguments: [("0.005", Currency.cny), ("1.5", .jpy), ("1e-40", .cny)])
    func tooPrecise(text: String, currency: Currency) throws {
        let number = try number(text)
        #expect(throws: MoneyError.tooPrecise(number.text, minorDigits: currency.minorDigits)) {
            try number.money(in: currency)
        }
    }

    @Test("refuses money over the limit", arguments: ["10000000000000.01", "-1e14", "1e30", "1e300"])
    func tooLarge(text: String) throws {
        let number = try number(text)
        #expect(throws: MoneyError.tooLarge(number.text)) { try number.money(in: .cny) }
    }

    @Test(
        "modulo has the sign of the divisor",
        arguments: [
            ("12", "5", "2"), ("-12", "5", "3"), ("12", "-5", "-3"), ("-12", "-5", "-2"), ("10.1", "4.5", "1.1"),
            ("-10.1", "4.5", "3.4"), ("1e34", "7", "4"),
        ]
    )
    func modulo(dividend: String, divisor: String, expected: String) throws {
        #expect(try number(dividend).modulo(number(divisor)) == number(expected))
        #expect(try number(dividend).modulo(.zero) == nil)
    }

    @Test("computes as Python's decimal module does")
    func differential() throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/decimal_cases.py")
        guard let output = Python.run([script.path, "20000", "34"]) else {
            print("Decimal34: skipped 20000 cases, python3 is not present")
            return
        }
        var counts: [String: Int] = [:]
        for line in String(decoding: output, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: " ").map(String.init)
            let (left, right) = (try number(parts[1]), try number(parts[2]))
            let result = Self.compute(parts[0], left, right)
            counts[parts[0], default: 0] += 1
            if parts[3] == "none" {
                #expect(result == nil, "\(line)")
            } else {
                let expected = try number(parts[3])
                #expect(
                    result.map { Self.agrees(parts[0], $0, expected) } ?? false,
                    "\(line) but \(String(describing: result))")
            }
        }
        print("Decimal34: \(counts.values.reduce(0, +)) cases against Python: \(counts.sorted { $0.key < $1.key })")
    }

    private static func compute(_ operation: String, _ left: Decimal34, _ right: Decimal34) -> Decimal34? {
        let rules: [String: RoundingRule] = [
            "halfEven": .halfEven, "halfUp": .halfUp, "halfDown": .halfDown, "up": .up, "down": .down,
            "floor": .floor, "ceiling": .ceiling,
        ]
        switch operation {
        case "add": return left.adding(right)
        case "subtract": return left.subtracting(right)
        case "multiply": return left.multiplied(by: right)
        case "divide": return left.divided(by: right)
        case "compare": return left == right ? 0 : left < right ? -1 : 1
        case "remainder": return left.remainder(dividingBy: right)
        case "power": return left.power(right)
        case "sqrt": return left.squareRoot
        case "exp": return left.exponential
        case "ln": return left.logarithm
        default:
            guard let rule = rules[operation], let scale = right.integer else { return nil }
            return left.rounded(toScale: scale, rule)
        }
    }

    /// Roots and everything below them are exact; the transcendental functions may be off in the last digits.
    private static func agrees(_ operation: String, _ value: Decimal34, _ expected: Decimal34) -> Bool {
        if value == expected { return true }
        guard ["power", "exp", "ln"].contains(operation), let difference = value.subtracting(expected)?.magnitude,
            let scale = Decimal34("2e-33"), let bound = expected.magnitude.multiplied(by: scale)
        else { return false }
        return difference <= bound
    }
}
