import Access
import Hummingbird
import Kernel
import Ledger
import Pipeline

/// The trial balance of a period, the page of an account, and exports (科目余额表、明细账).
struct LedgerPages {
    let rooms: ServerRooms

    func balances(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let visitor = try context.requireVisitor()
        let asked = try request.period()
        let level = request.query("level").flatMap { Int($0) } ?? 9
        let (report, periods) = try await rooms.store.read(book) { records -> (TrialBalanceReport?, [PeriodRecord]) in
            let periods = try records.ledger.periods()
            guard let period = asked ?? PeriodChoice.usual(periods) else { return (nil, periods) }
            return (try TrialBalanceReport(period, in: records), periods)
        }
        let desk = PageDesk(rooms)
        let dress = desk.dress(context, report?.book)
        let view: JSON = .object([
            ("periods", PeriodChoice.view(periods, chosen: report?.period)), ("hasPeriod", .bool(report != nil)),
            ("period", .optional(report?.period.text)), ("rows", .array(report.map { rows($0, level, dress) } ?? [])),
            ("totals", report.map { totals($0.balance, dress) } ?? .null),
            (
                "levels",
                .array(
                    (1...4).map { number in
                        [
                            "number": .integer(number), "chosen": .bool(number == level),
                            "href": .string(
                                "/balances?level=\(number)" + (report.map { "&period=\($0.period.text)" } ?? "")),
                        ]
                    }
                )
            ),
            ("mayExport", .bool(visitor.may(.ledgerExport, in: book))),
        ])
        return try await desk.page(
            "balances", nav: "balances", title: dress.texts.text("nav", "balances"), view, context, book,
            address: "/balances"
        )
    }

    private func rows(_ report: TrialBalanceReport, _ level: Int, _ dress: Dress) -> [JSON] {
        report.balance.rows(downTo: level).map { row in
            .object([
                ("code", .string(row.account.code.text)), ("name", .string(row.account.name)),
                ("level", .integer(row.level)), ("isTop", .bool(row.level == 1)),
                ("opening", .string(dress.amountOrBlank(row.openingOnSide))),
                ("isOpeningRed", .bool(row.openingOnSide.isNegative)),
                ("debit", .string(dress.amountOrBlank(row.debit))), ("isDebitRed", .bool(row.debit.isNegative)),
                ("credit", .string(dress.amountOrBlank(row.credit))), ("isCreditRed", .bool(row.credit.isNegative)),
                ("yearDebit", .string(dress.amountOrBlank(row.yearDebit))),
                ("yearCredit", .string(dress.amountOrBlank(row.yearCredit))),
                ("closing", .string(dress.amountOrBlank(row.closingOnSide))),
                ("isClosingRed", .bool(row.closingOnSide.isNegative)),
                ("direction", .string(dress.texts.text("side", row.account.direction.rawValue))),
                ("href", .string("/accounts/\(row.account.code.text)?period=\(report.period.text)")),
            ])
        }
    }

    /// Debits and credits of the top accounts; they are equal, and the page says so.
    private func totals(_ balance: TrialBalance, _ dress: Dress) -> JSON {
        let top = balance.rows(downTo: 1)
        let zero = Money.zero(balance.base)
        func sum(_ value: (TrialBalance.Row) -> Money) -> Money { top.reduce(zero) { $0 + value($1) } }
        let credit = sum(\.credit)
        return .object([
            ("debit", .string(dress.amount(balance.turnover))), ("credit", .string(dress.amount(credit))),
            ("opening", .string(dress.amount(sum { $0.opening.isNegative ? zero : $0.opening }))),
            ("closing", .string(dress.amount(sum { $0.closing.isNegative ? zero : $0.closing }))),
            ("yearDebit", .string(dress.amount(sum(\.yearDebit)))),
            ("yearCredit", .string(dress.amount(sum(\.yearCredit)))),
            ("isLevel", .bool(balance.turnover == credit)),
        ])
    }

    func account(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let code = try request.account(context)
        let asked = try request.period()
        let (report, periods) = try await rooms.store.read(book) { records -> (AccountReport?, [PeriodRecord]) in
            let periods = try records.ledger.periods()
            guard let period = asked ?? PeriodChoice.usual(periods) else { return (nil, periods) }
            return (try AccountReport(code, period, in: records), periods)
        }
        guard let report else { throw LedgerReportError.unknownAccount(code) }
        let desk = PageDesk(rooms)
        let dress = desk.dress(context, report.book)
        let rows = report.page.rows.map { row in
            JSON.object([
                ("isLine", .bool(row.kind == .line)), ("date", .string(row.date.text)),
                ("voucher", .optional(row.voucher?.text)), ("number", .optional(row.number?.text)),
                (
                    "summary",
                    .string(row.kind == .line ? row.summary : dress.texts.text("rowKind", row.kind.rawValue))
                ),
                (
                    "opposite",
                    .string(row.opposite.map { report.chart.fullName(of: $0) }.joined(separator: "、"))
                ),
                ("debit", .string(dress.amountOrBlank(row.debit))), ("isDebitRed", .bool(row.debit.isNegative)),
                ("credit", .string(dress.amountOrBlank(row.credit))), ("isCreditRed", .bool(row.credit.isNegative)),
                ("balance", .string(dress.amount(row.balance))),
                ("direction", .string(dress.texts.text("direction", row.direction.rawValue))),
            ])
        }
        let view: JSON = .object([
            ("code", .string(code.text)), ("name", .string(report.chart.fullName(of: code))),
            ("periods", PeriodChoice.view(periods, chosen: report.period)), ("period", .string(report.period.text)),
            ("rows", .array(rows)), ("hasLines", .bool(report.page.rows.contains { $0.kind == .line })),
        ])
        return try await desk.page(
            "account", nav: "balances", title: code.text + " " + report.page.account.name, view, context, book,
            address: "/accounts/" + code.text
        )
    }
}

/// The periods a page offers.
enum PeriodChoice {
    /// The last open one, else the last there is.
    static func usual(_ periods: [PeriodRecord]) -> Period? {
        periods.filter(\.isOpen).map(\.period).max() ?? periods.map(\.period).max()
    }

    static func view(_ periods: [PeriodRecord], chosen: Period?) -> JSON {
        .array(
            periods.sorted { $0.period > $1.period }.map {
                [
                    "code": .string($0.period.text), "chosen": .bool($0.period == chosen), "isOpen": .bool($0.isOpen),
                ]
            }
        )
    }
}

extension Request {
    /// The period of the query, if there is one.
    func period() throws(DoorError) -> Period? {
        guard let text = query("period") else { return nil }
        guard let period = Period(text) else { throw .badParameter("period", expected: "YYYY-MM", found: text) }
        return period
    }

    /// The account of the path.
    func account(_ context: DoorContext) throws -> AccountCode {
        let text = try context.parameters.require("code")
        guard let code = AccountCode(text) else {
            throw DoorError.badParameter("code", expected: "an account code", found: text)
        }
        return code
    }
}
