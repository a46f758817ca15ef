import Kernel
import Ledger
import Testing

@Suite("AccountPage")
struct AccountPageTests {
    @Test("shows lines, period totals and year totals with the side of the balance")
    func page() throws {
        let posted = [
            try post("2026-11-05", .debit, 800_00, 1), try post("2026-11-20", .credit, 900_00, 2),
            try post("2026-12-01", .debit, 100_00, 1), try post("2027-01-03", .credit, 50_00, 1),
        ]
        let page = try page(
            posted.reversed(), opening: Balance(base: 0), yearToDate: Movement(debit: 5_00, credit: 5_00))
        let rows = page.rows.map { row in
            "\(row.date) \(row.summary) \(row.debit.text) \(row.credit.text) \(row.direction.rawValue) \(row.balance.text)"
        }
        #expect(
            rows == [
                "2026-11-01 期初余额 0.00 0.00 平 0.00",
                "2026-11-05 报销差旅费 800.00 0.00 借 800.00",
                "2026-11-20 报销差旅费 0.00 900.00 贷 100.00",
                "2026-11-30 本期合计 800.00 900.00 贷 100.00",
                "2026-11-30 本年累计 805.00 905.00 贷 100.00",
                "2026-12-01 报销差旅费 100.00 0.00 平 0.00",
                "2026-12-31 本期合计 100.00 0.00 平 0.00",
                "2026-12-31 本年累计 905.00 905.00 平 0.00",
                "2027-01-01 上年结转 0.00 0.00 平 0.00",
                "2027-01-03 报销差旅费 0.00 50.00 贷 50.00",
                "2027-01-31 本期合计 0.00 50.00 贷 50.00",
                "2027-01-31 本年累计 0.00 50.00 贷 50.00",
            ]
        )
        #expect(page.rows[1].opposite == ["6001"] && page.rows[1].number?.text == "记-1" && page.rows[1].line == 1)
    }

    @Test("ends on the closing of the trial balance, for leaves and for parents", arguments: ["6602", "2221", "1001"])
    func agrees(code: String) throws {
        let chart = try TestBook.chart()
        var maker = VoucherMaker(chart: chart, seed: 21)
        let book = try maker.book(vouchers: 200)
        var movements: [BalanceKey: Movement] = [:]
        for period in try book.map(\.voucher).movements().values {
            for (key, movement) in period { movements[key] = try (movements[key] ?? .zero).adding(movement) }
        }
        let trial = try TrialBalance(chart: chart, base: .cny, opening: [:], movements: movements)
        let account = try #require(AccountCode(code).flatMap { chart[$0] })
        let page = try AccountPage(
            account: account, chart: chart, base: .cny, periods: p("2026-01")...p("2026-12"), opening: .zero,
            vouchers: book
        )
        let last = try #require(page.rows.last)
        let row = trial[account.code]
        let closing = row?.closing ?? .zero(.cny)
        #expect(last.balance == (closing.isNegative ? -closing : closing))
        #expect(last.direction == BalanceDirection(of: closing.minorUnits))
        #expect(last.debit == row?.debit ?? .zero(.cny) && last.credit == row?.credit ?? .zero(.cny))
    }

    @Test("shows one item of a dimension alone")
    func dimension() throws {
        let chart = try TestBook.chart()
        let posted = try ["D10", "D20"].enumerated().map { index, department in
            let voucher = try TestBook.voucher(
                Voucher.ID(department),
                lines: [
                    TestBook.line(.debit, "660207", 7, ["部门": department == "D10" ? "D10" : "D20", "人员": "E1"]),
                    TestBook.line(.credit, "224101", 7, ["人员": "E1"]),
                ]
            )
            return PostedVoucher(voucher, number: try number(voucher, Int64(index + 1)))
        }
        let page = try AccountPage(
            account: try #require(chart["6602"]), chart: chart, base: .cny, periods: p("2026-11")...p("2026-11"),
            opening: .zero, dimensions: ["部门": "D20"], vouchers: posted
        )
        #expect(page.rows.filter { $0.kind == .line }.map(\.voucher) == ["D20"])
    }

    private func page(_ vouchers: [PostedVoucher], opening: Balance, yearToDate: Movement) throws -> AccountPage {
        let chart = try TestBook.chart()
        return try AccountPage(
            account: try #require(chart["1001"]), chart: chart, base: .cny, periods: p("2026-11")...p("2027-01"),
            opening: opening, yearToDate: yearToDate, vouchers: vouchers
        )
    }

    private func post(_ date: String, _ side: Side, _ minorUnits: Int64, _ number: Int64) throws -> PostedVoucher {
        let voucher = try TestBook.voucher(
            Voucher.ID(date), date: date,
            lines: [TestBook.line(side, "1001", minorUnits), TestBook.line(side.opposite, "6001", minorUnits)]
        )
        return PostedVoucher(voucher, number: try self.number(voucher, number))
    }

    private func number(_ voucher: Voucher, _ number: Int64) throws -> VoucherNumber {
        try #require(VoucherNumber(period: voucher.period, word: voucher.word, number: number))
    }
}

private func p(_ text: String) -> Period { Period(text) ?? Day(number: 0).period }
