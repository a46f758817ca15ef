package import Kernel

/// The side on which a balance stands, as books write it (方向).
package enum BalanceDirection: String, Hashable, Sendable {
    case debit = "借"
    case credit = "贷"
    case level = "平"

    package init(of balance: Int64) {
        self = balance > 0 ? .debit : balance < 0 ? .credit : .level
    }
}

/// The lines of an account, with the balance after each (明细账、日记账).
///
/// Each period ends with its total and the total of the year so far, which starts anew in January.
package struct AccountPage: Hashable, Sendable {
    package struct Row: Hashable, Sendable {
        package let kind: Kind
        package let date: Day
        package let voucher: Voucher.ID?
        package let number: VoucherNumber?
        /// The line within the voucher, from 1.
        package let line: Int?
        package let summary: String
        /// The accounts on the other side of the voucher.
        package let opposite: [AccountCode]
        package let debit: Money
        package let credit: Money
        /// Never negative; `direction` says on which side it stands.
        package let balance: Money
        package let direction: BalanceDirection
        package let original: Money?
        package let quantity: Rate?
    }

    package enum Kind: String, Hashable, Sendable {
        /// What stood there before the first period shown (期初余额).
        case opening
        /// The same at the beginning of a year (上年结转).
        case carriedForward = "carried_forward"
        case line
        /// 本期合计
        case periodTotal = "period_total"
        /// 本年累计
        case yearTotal = "year_total"
    }

    package let account: Account
    package let rows: [Row]

    /// The page of an account and all below it, over some periods.
    ///
    /// - Parameters:
    ///   - opening: what stood there before the first period.
    ///   - yearToDate: what moved from January to the first period, and is part of the year's total.
    ///   - dimensions: only lines that carry all of these.
    ///   - vouchers: in any order; those of other periods are left out.
    package init(
        account: Account, chart: Chart, base: Currency, periods: ClosedRange<Period>, opening: Balance,
        yearToDate: Movement = .zero, dimensions: Dimensions = .none, vouchers: some Sequence<PostedVoucher>
    ) throws(BalanceError) {
        self.account = account
        let entries = vouchers.filter { periods.contains($0.voucher.period) }
            .sorted { $0.voucher.date == $1.voucher.date ? $0.number < $1.number : $0.voucher.date < $1.voucher.date }
        let byPeriod = Dictionary(grouping: entries) { $0.voucher.period }
        var writer = PageWriter(base: base, balance: opening.base, yearToDate: yearToDate)
        var period = periods.lowerBound
        writer.begin(period, isFirst: true)
        while period <= periods.upperBound {
            if period != periods.lowerBound, period.month == 1 { writer.begin(period, isFirst: false) }
            for posted in byPeriod[period] ?? [] {
                for (index, line) in posted.voucher.lines.enumerated() {
                    guard chart.lies(line.account, at: account.code),
                        dimensions.items.allSatisfy({ line.dimensions[$0.kind] == $0.code })
                    else { continue }
                    try writer.write(line, number: index + 1, of: posted)
                }
            }
            writer.end(period)
            period = period.next
        }
        rows = writer.rows
    }
}

/// Keeps the running sums while a page is written.
private struct PageWriter {
    private let base: Currency
    private var balance: Int64
    private var periodTotal = Movement.zero
    private var yearTotal: Movement
    private(set) var rows: [AccountPage.Row] = []

    init(base: Currency, balance: Int64, yearToDate: Movement) {
        self.base = base
        self.balance = balance
        yearTotal = yearToDate
    }

    mutating func begin(_ period: Period, isFirst: Bool) {
        if period.month == 1 { yearTotal = .zero }
        let isNewYear = period.month == 1
        append(
            isNewYear ? .carriedForward : .opening, period.firstDay, isNewYear ? "上年结转" : "期初余额", .zero
        )
    }

    mutating func write(_ line: VoucherLine, number: Int, of posted: PostedVoucher) throws(BalanceError) {
        let movement = Movement(line)
        balance = try Balance(base: balance).adding(Movement(debit: movement.debit, credit: movement.credit)).base
        periodTotal = try periodTotal.adding(Movement(debit: movement.debit, credit: movement.credit))
        yearTotal = try yearTotal.adding(Movement(debit: movement.debit, credit: movement.credit))
        var opposite: [AccountCode] = []
        for other in posted.voucher.lines where other.side != line.side && !opposite.contains(other.account) {
            opposite.append(other.account)
        }
        append(
            .line, posted.voucher.date, line.summary.isEmpty ? posted.voucher.summary : line.summary, movement,
            posted: posted, line: (number, line), opposite: opposite
        )
    }

    mutating func end(_ period: Period) {
        append(.periodTotal, period.lastDay, "本期合计", periodTotal)
        append(.yearTotal, period.lastDay, "本年累计", yearTotal)
        periodTotal = .zero
    }

    private mutating func append(
        _ kind: AccountPage.Kind, _ date: Day, _ summary: String, _ movement: Movement,
        posted: PostedVoucher? = nil, line: (number: Int, value: VoucherLine)? = nil, opposite: [AccountCode] = []
    ) {
        rows.append(
            AccountPage.Row(
                kind: kind, date: date, voucher: posted?.voucher.id, number: posted?.number, line: line?.number,
                summary: summary, opposite: opposite, debit: Money(minorUnits: movement.debit, base),
                credit: Money(minorUnits: movement.credit, base),
                balance: Money(minorUnits: balance < 0 ? -balance : balance, base),
                direction: BalanceDirection(of: balance), original: line?.value.original, quantity: line?.value.quantity
            )
        )
    }
}
