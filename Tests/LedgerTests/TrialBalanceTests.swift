import Kernel
import Ledger
import Testing

@Suite("TrialBalance")
struct TrialBalanceTests {
    @Test("balances, adds up its parents, and carries every period into the next", arguments: [11, 12] as [UInt64])
    func properties(seed: UInt64) throws {
        let chart = try TestBook.chart()
        var maker = VoucherMaker(chart: chart, seed: seed)
        let movements = try maker.book(vouchers: 150).map(\.voucher).movements()
        var opening: [BalanceKey: Balance] = [:]
        for period in movements.keys.sorted() {
            let trial = try TrialBalance(
                chart: chart, base: .cny, opening: opening, movements: movements[period] ?? [:]
            )
            for row in trial.rows {
                #expect(row.opening + row.debit - row.credit == row.closing)
                let children = trial.rows.filter { $0.account.parent == row.account.code }
                if !row.account.isLeaf {
                    #expect(children.reduce(.zero(.cny)) { $0 + $1.closing } == row.closing)
                    #expect(children.reduce(.zero(.cny)) { $0 + $1.debit } == row.debit)
                }
            }
            for detail in trial.details { opening[detail.key] = detail.closing }
        }
        let sum = opening.values.reduce(Int64(0)) { $0 + $1.base }
        #expect(sum == 0)
    }

    @Test("gives the same closings whether vouchers are folded at once or one by one", arguments: [13] as [UInt64])
    func fold(seed: UInt64) throws {
        let chart = try TestBook.chart()
        var maker = VoucherMaker(chart: chart, seed: seed)
        let vouchers = try maker.book(vouchers: 100).map(\.voucher)
        var one: [BalanceKey: Movement] = [:]
        for voucher in vouchers {
            for (key, movement) in try voucher.movements() { one[key] = try (one[key] ?? .zero).adding(movement) }
        }
        var all: [BalanceKey: Movement] = [:]
        for movements in try vouchers.movements().values {
            for (key, movement) in movements { all[key] = try (all[key] ?? .zero).adding(movement) }
        }
        #expect(one == all)
    }

    @Test("is written as scripts read it")
    func json() throws {
        let trial = try TrialBalance(
            chart: try TestBook.chart(), base: .cny,
            opening: [
                BalanceKey(account: "1001", currency: .cny): Balance(base: 1000_00),
                BalanceKey(account: "4001", currency: .cny): Balance(base: -1000_00),
            ],
            movements: try TestBook.claim().movements()
        )
        let expected = """
            {"accounts":[\
            {"code":"1001","name":"库存现金","opening":"1000.00","debit":"0.00","credit":"0.00","closing":"1000.00",\
            "direction":"debit"},\
            {"code":"2241","name":"其他应付款","opening":"0.00","debit":"0.00","credit":"553.00","closing":"553.00",\
            "direction":"credit"},\
            {"code":"4001","name":"实收资本","opening":"1000.00","debit":"0.00","credit":"0.00","closing":"1000.00",\
            "direction":"credit"},\
            {"code":"6602","name":"管理费用","opening":"0.00","debit":"553.00","credit":"0.00","closing":"553.00",\
            "direction":"debit"}]}
            """
        #expect(trial.json(downTo: 1).text == expected)
        #expect(trial.rows.count == 6)
        #expect(trial.turnover.minorUnits == 553_00)
    }

    @Test("refuses openings that do not balance, unknown accounts, and what does not fit")
    func refuses() throws {
        let chart = try TestBook.chart()
        let cash = BalanceKey(account: "1001", currency: .cny)
        #expect(
            throws: BalanceError.unbalanced(
                .opening, debit: Money(minorUnits: 1, .cny), credit: Money(minorUnits: 0, .cny)
            )
        ) {
            try TrialBalance(chart: chart, base: .cny, opening: [cash: Balance(base: 1)], movements: [:])
        }
        #expect(throws: BalanceError.unknownAccount("9999")) {
            try TrialBalance(
                chart: chart, base: .cny, opening: [:],
                movements: [BalanceKey(account: "9999", currency: .cny): Movement(debit: 1, credit: 1)]
            )
        }
        #expect(throws: BalanceError.tooLarge) {
            try Movement(quantityDebit: Rate.limit).adding(Movement(quantityDebit: Rate.limit))
        }
    }

    @Test("keeps foreign amounts and quantities beside the base amount")
    func foreign() throws {
        let line = VoucherLine(
            .credit, "1002", Money(minorUnits: 710, .cny), original: Money(minorUnits: 100, .usd), rate: Rate("7.1"),
            quantity: Rate("2"), unit: "次"
        )
        let voucher = try TestBook.voucher(lines: [TestBook.line(.debit, "660303", 710), line])
        let movement = try voucher.movements()[BalanceKey(account: "1002", currency: .usd)]
        #expect(movement == Movement(credit: 710, originalCredit: 100, quantityCredit: 2 * Rate.scale))
        #expect(try movement?.net() == Balance(base: -710, original: -100, quantity: -2 * Rate.scale))
    }
}
