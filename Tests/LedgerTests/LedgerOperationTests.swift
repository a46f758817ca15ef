import Kernel
import Ledger
import Testing

/// The `ledger_operations` of the worked posting cases (`fa-02, rent-02, est-01, rev-01, close-01`).
@Suite("Ledger operations")
struct LedgerOperationTests {
    @Test(
        "spread an amount over months, the last takes the rest",
        arguments: [
            ("20000.00", "0.05", 36, "527.78", "527.70"),  // fa-02
            ("30000.00", "0", 3, "10000.00", "10000.00"),  // rent-02
            ("0.05", "0", 3, "0.02", "0.01"), ("0.01", "0", 3, "0.00", "0.01"), ("1.00", "0", 1, "1.00", "1.00"),
        ]
    )
    func straightLine(cost: String, salvage: String, months: Int, first: String, last: String) throws {
        let rate = try #require(Rate(salvage))
        let cost = try Money(parsing: cost, .cny)
        let line = try #require(StraightLine(cost: cost, salvageRate: rate, months: months))
        #expect(line.amount(ofMonth: 1).text == first)
        #expect(line.amount(ofMonth: months).text == last)
        #expect((1...months).reduce(.zero(.cny)) { $0 + line.amount(ofMonth: $1) } == line.total)
        #expect((1...months).allSatisfy { !line.amount(ofMonth: $0).isNegative })
        #expect(line.amount(ofMonth: months + 1).isZero && line.amount(ofMonth: 0).isZero)
    }

    @Test("spread nothing that is nothing", arguments: [("0", 3), ("1.00", 0), ("1.00", 1201), ("-1.00", 3)])
    func refuses(total: String, months: Int) throws {
        #expect(StraightLine(total: try Money(parsing: total, .cny), months: months) == nil)
    }

    @Test(
        "take a posted voucher back in red",
        arguments: [
            (  // est-01
                VoucherWord.transfer, "2026-11-30", "2026-12-01",
                [
                    TestBook.line(.debit, "1403", 5000_00, ["存货": "M001"]),
                    TestBook.line(.credit, "220202", 5000_00, ["供应商": "S001"]),
                ]
            ),
            (  // rev-01
                VoucherWord.general, "2026-11-05", "2026-11-20",
                [
                    TestBook.line(.debit, "660209", 800_00, ["部门": "D10"]),
                    TestBook.line(
                        .credit, "1002", 800_00, ["银行账户": "B01"], cashFlowItem: "支付其他与经营活动有关的现金"
                    ),
                ]
            ),
        ] as [(VoucherWord, String, String, [VoucherLine])]
    )
    func reverses(word: VoucherWord, date: String, day: String, lines: [VoucherLine]) throws {
        let original = try TestBook.voucher(word: word, date: date, lines: lines)
        let number = try #require(VoucherNumber(period: original.period, word: word, number: 14))
        let red = try original.reversal(id: "R", date: try #require(Day(day)), number: number, makers: ["u"])
        #expect(red.word == word && red.date.text == day && red.attachments == 0)
        for (red, black) in zip(red.lines, original.lines) {
            #expect(red.side == black.side && red.account == black.account && red.amount == -black.amount)
            #expect(red.dimensions == black.dimensions && red.cashFlowItem == black.cashFlowItem)
        }
        let words: BookWords = word == .general ? .general : .receiptPaymentTransfer
        #expect(red.faults(against: try TestBook.chart(), words: words).isEmpty)
    }

    @Test("carry profit and loss to the year's profit")
    func closesProfit() throws {  // close-01
        let closing = try ProfitClosing(
            chart: TestBook.chart(), base: .cny,
            balances: [
                key("6001"): Balance(base: -100_000_00), key("6401"): Balance(base: 60_000_00),
                key("660209", ["部门": "D10"]): Balance(base: 20_000_00), key("1002"): Balance(base: 20_000_00),
            ],
            to: "4103"
        )
        #expect(
            Set(closing.lines.map { "\($0.account) \($0.side) \($0.amount.text) \($0.dimensions)" }) == [
                "6001 debit 100000.00 ", "6401 credit 60000.00 ", "660209 credit 20000.00 部门=D10",
                "4103 credit 20000.00 ",
            ]
        )
    }

    @Test(
        "leave every account of profit and loss at zero, and keep interest earned on its own side",
        arguments: [3, 4] as [UInt64])
    func closesAll(seed: UInt64) throws {
        let chart = try TestBook.chart()
        var maker = VoucherMaker(chart: chart, seed: seed)
        var balances: [BalanceKey: Balance] = [key("660302"): Balance(base: -50)]
        for movements in try maker.book(vouchers: 100).map(\.voucher).movements().values {
            for (key, movement) in movements { balances[key] = try (balances[key] ?? .zero).adding(movement) }
        }
        let closing = try ProfitClosing(chart: chart, base: .cny, balances: balances, to: "4103")
        #expect(closing.lines.total(of: .debit, in: .cny) == closing.lines.total(of: .credit, in: .cny))
        let before = balances
        for line in closing.lines {
            balances[line.balanceKey] = try (balances[line.balanceKey] ?? .zero).adding(Movement(line))
            #expect(line.account == "4103" || line.side == chart[line.account]?.direction.opposite)
        }
        for (key, balance) in balances where chart[key.account]?.accountClass == .profitAndLoss {
            #expect(balance.base == 0)
            let had = before[key] ?? .zero
            if had.base != 0, (had.base < 0) == (had.original < 0) { #expect(balance.original == 0) }
        }
        let voucher = try TestBook.voucher(date: "2026-12-31", lines: closing.lines, attachments: 0)
        #expect(voucher.faults(against: chart).isEmpty)
    }

    private func key(_ account: AccountCode, _ dimensions: Dimensions = .none) -> BalanceKey {
        BalanceKey(account: account, dimensions: dimensions, currency: .cny)
    }
}
