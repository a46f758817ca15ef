import Kernel
import Testing

@Suite("Money")
struct MoneyTests {
    @Test(
        "reads plain decimals",
        arguments: [
            ("0", 0), ("12.3", 12_30), ("-0.05", -5), ("1234567.89", 1_234_567_89),
            ("10000000000000.00", Money.limit),
        ] as [(String, Int64)]
    )
    func reads(text: String, minorUnits: Int64) throws {
        #expect(try Money(parsing: text, .cny).minorUnits == minorUnits)
    }

    @Test(
        "refuses what is not a plain decimal",
        arguments: ["", "-", ".5", "5.", "1,234.5", "1e3", "三", "½", "+1", " 1", "1.2.3", "--1", "1.234x"]
    )
    func refuses(text: String) {
        #expect(throws: MoneyError.notADecimal(text)) { try Money(parsing: text, .cny) }
    }

    @Test("refuses digits below the smallest unit", arguments: [("0.005", Currency.cny), ("1.0", .jpy)])
    func tooPrecise(text: String, currency: Currency) {
        #expect(throws: MoneyError.tooPrecise(text, minorDigits: currency.minorDigits)) {
            try Money(parsing: text, currency)
        }
    }

    @Test("refuses amounts over the limit", arguments: ["10000000000000.01", "99999999999999999999999"])
    func tooLarge(text: String) {
        #expect(throws: MoneyError.tooLarge(text)) { try Money(parsing: text, .cny) }
    }

    @Test("writes what it reads", arguments: ["0.05", "-0.05", "1.00", "-1234.50"])
    func roundTrip(text: String) throws {
        #expect(try Money(parsing: text, .cny).description == "\(text) CNY")
    }

    @Test(
        "splits into parts that add up",
        arguments: [
            (100, [1, 1, 1], [34, 33, 33]), (-100, [1, 1, 1], [-34, -33, -33]), (5, [0, 0], [5, 0]),
            (1, [3, 5, 2], [0, 1, 0]), (0, [1, 2], [0, 0]),
        ] as [(Int64, [Int64], [Int64])]
    )
    func splits(amount: Int64, weights: [Int64], expected: [Int64]) {
        #expect(Money(minorUnits: amount, .cny).split(by: weights).map(\.minorUnits) == expected)
    }

    @Test(
        "converts half up, on both sides of zero",
        arguments: [
            (100, "7.12345", Currency.usd, Currency.cny, 712), (50, "0.01", .usd, .cny, 1),
            (-50, "0.01", .usd, .cny, -1),
            (100, "0.05", .jpy, .cny, 500), (12345, "20.5", .cny, .jpy, 2531),
        ] as [(Int64, String, Currency, Currency, Int64)]
    )
    func converts(amount: Int64, rate: String, from: Currency, to: Currency, expected: Int64) throws {
        let rate = try #require(Rate(rate))
        #expect(try Money(minorUnits: amount, from).converted(at: rate, to: to).minorUnits == expected)
    }

    @Test("a conversion over the limit is refused")
    func conversionOverflow() throws {
        let rate = try #require(Rate("1000"))
        #expect(throws: MoneyError.self) { try Money(minorUnits: Money.limit, .cny).converted(at: rate, to: .cny) }
    }
}

@Suite("Rate")
struct RateTests {
    @Test("writes what it reads", arguments: ["0", "1", "7.1234", "-0.00000001", "90000000000"])
    func roundTrip(text: String) throws {
        #expect(try #require(Rate(text)).text == text)
    }

    @Test(
        "refuses what is no decimal of at most eight digits",
        arguments: ["", "1.", ".1", "0.000000001", "1e2", "99999999999999"])
    func refuses(text: String) {
        #expect(Rate(text) == nil)
    }
}
