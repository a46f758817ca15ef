package import Kernel

/// Opening, movements and closing of every account of a period, in balance (科目余额表、试算平衡表).
///
/// Parents show the sum of what lies below them. A trial balance that exists balances in each of its columns.
package struct TrialBalance: Hashable, Sendable {
    /// One account; amounts are debit positive.
    package struct Row: Hashable, Sendable {
        package let account: Account
        /// 1 for an account at the top of the chart.
        package let level: Int
        package let opening: Money
        package let debit: Money
        package let credit: Money
        package let yearDebit: Money
        package let yearCredit: Money
        package let closing: Money
    }

    /// One balance key below a leaf, for dimension and currency balances (辅助余额表).
    package struct Detail: Hashable, Sendable {
        package let key: BalanceKey
        package let opening: Balance
        package let movement: Movement
        package let closing: Balance
    }

    package let base: Currency
    /// The accounts with a balance or a movement and all above them, by code.
    package let rows: [Row]
    package let details: [Detail]

    /// - Parameter yearToDate: the movements from January to the end of the period.
    package init(
        chart: Chart, base: Currency, opening: [BalanceKey: Balance], movements: [BalanceKey: Movement],
        yearToDate: [BalanceKey: Movement] = [:]
    ) throws(BalanceError) {
        var details: [Detail] = []
        var sums: [AccountCode: (opening: Balance, movement: Movement, year: Movement)] = [:]
        for key in Set(opening.keys).union(movements.keys).union(yearToDate.keys).sorted() {
            guard chart[key.account] != nil else { throw .unknownAccount(key.account) }
            let start = opening[key] ?? .zero
            let movement = movements[key] ?? .zero
            details.append(
                Detail(key: key, opening: start, movement: movement, closing: try start.adding(movement))
            )
            for account in chart.path(of: key.account) {
                let sum = sums[account.code] ?? (.zero, .zero, .zero)
                sums[account.code] = (
                    try sum.opening.addingBase(start), try sum.movement.addingBase(movement),
                    try sum.year.addingBase(yearToDate[key] ?? .zero)
                )
            }
        }
        self.base = base
        self.details = details
        var rows: [Row] = []
        for account in chart.accounts {
            guard let sum = sums[account.code] else { continue }
            let closing = try sum.opening.adding(sum.movement)
            rows.append(
                Row(
                    account: account, level: chart.level(of: account.code),
                    opening: Money(minorUnits: sum.opening.base, base),
                    debit: Money(minorUnits: sum.movement.debit, base),
                    credit: Money(minorUnits: sum.movement.credit, base),
                    yearDebit: Money(minorUnits: sum.year.debit, base),
                    yearCredit: Money(minorUnits: sum.year.credit, base),
                    closing: Money(minorUnits: closing.base, base)
                )
            )
        }
        self.rows = rows
        try checkBalance()
    }

    /// The rows of an account level and all above it.
    package func rows(downTo level: Int) -> [Row] { rows.filter { $0.level <= level } }

    package subscript(code: AccountCode) -> Row? { rows.first { $0.account.code == code } }

    /// The debits of the period, which are its credits too.
    package var turnover: Money {
        rows.filter { $0.level == 1 }.reduce(.zero(base)) { $0 + $1.debit }
    }

    private func checkBalance() throws(BalanceError) {
        let top = rows.filter { $0.level == 1 }
        let zero = Money.zero(base)
        func total(_ value: (Row) -> Money) throws(BalanceError) -> Money {
            var sum = Balance.zero
            for row in top { sum = try sum.adding(Balance(base: value(row).minorUnits)) }
            return Money(minorUnits: sum.base, base)
        }
        let columns: [(BalanceError.Column, debit: (Row) -> Money, credit: (Row) -> Money)] = [
            (.opening, { $0.opening.isNegative ? zero : $0.opening }, { $0.opening.isNegative ? -$0.opening : zero }),
            (.movement, { $0.debit }, { $0.credit }),
            (.closing, { $0.closing.isNegative ? zero : $0.closing }, { $0.closing.isNegative ? -$0.closing : zero }),
        ]
        for column in columns {
            let debit = try total(column.debit)
            let credit = try total(column.credit)
            guard debit == credit else { throw .unbalanced(column.0, debit: debit, credit: credit) }
        }
    }
}

extension TrialBalance.Row {
    /// The opening balance as a figure on the account's own side: negative where it stands on the other.
    package var openingOnSide: Money { account.direction == .debit ? opening : -opening }
    package var closingOnSide: Money { account.direction == .debit ? closing : -closing }
}

extension TrialBalance {
    /// `{"accounts": [{"code", "name", "opening", "debit", "credit", "closing", "direction"}]}`.
    ///
    /// Opening and closing are figures on the account's own side, which `direction` names.
    package func json(downTo level: Int = .max) -> JSON {
        let accounts = rows(downTo: level).map { row in
            JSON.object([
                ("code", .string(row.account.code.text)), ("name", .string(row.account.name)),
                ("opening", .string(row.openingOnSide.text)), ("debit", .string(row.debit.text)),
                ("credit", .string(row.credit.text)), ("closing", .string(row.closingOnSide.text)),
                ("direction", .string(row.account.direction.rawValue)),
            ])
        }
        return .object([("accounts", .array(accounts))])
    }
}

extension Balance {
    /// Parents add up accounts of different currencies and units, of which only the base amount has a sum.
    fileprivate func addingBase(_ other: Balance) throws(BalanceError) -> Balance {
        try adding(Balance(base: other.base))
    }
}

extension Movement {
    fileprivate func addingBase(_ other: Movement) throws(BalanceError) -> Movement {
        try adding(Movement(debit: other.debit, credit: other.credit))
    }
}
