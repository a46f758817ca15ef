import Kernel
import Ledger
import Pipeline

/// What the vouchers of one unit add to the balances: summed by key, and written once, in the order of the keys, so that
/// two nodes cannot wait for each other.
struct BalanceChanges {
    struct Key: Hashable, Comparable {
        let period: Int64
        let account: String
        let dimensions: String
        let currency: String

        static func < (left: Key, right: Key) -> Bool {
            (left.period, left.account, left.dimensions, left.currency)
                < (right.period, right.account, right.dimensions, right.currency)
        }
    }

    struct Sums: Hashable {
        var debit: Int64 = 0
        var credit: Int64 = 0
        var originalDebit: Int64 = 0
        var originalCredit: Int64 = 0
    }

    private static let upsert = RowInsert(
        into: "balances",
        [
            "book_id", "period", "account_code", "dimensions", "currency", "debit", "credit", "original_debit",
            "original_credit",
        ],
        conflict: """
            ON CONFLICT (book_id, period, account_code, dimensions, currency) DO UPDATE SET
            debit = balances.debit + excluded.debit, credit = balances.credit + excluded.credit,
            original_debit = balances.original_debit + excluded.original_debit,
            original_credit = balances.original_credit + excluded.original_credit
            """
    )

    private(set) var sums: [Key: Sums] = [:]

    mutating func add(_ voucher: Voucher) {
        for line in voucher.lines {
            let key = Key(
                period: voucher.period.yearMonth, account: line.account.text, dimensions: line.dimensions.stored,
                currency: line.balanceCurrency.code
            )
            let original = line.original?.minorUnits ?? 0
            switch line.side {
            case .debit:
                sums[key, default: Sums()].debit += line.amount.minorUnits
                sums[key, default: Sums()].originalDebit += original
            case .credit:
                sums[key, default: Sums()].credit += line.amount.minorUnits
                sums[key, default: Sums()].originalCredit += original
            }
        }
    }

    mutating func write(on context: SQLContext) throws {
        let rows = sums.sorted { $0.key < $1.key }.map { key, sums -> [SQLValue] in
            [
                context.bookValue, .integer(key.period), .text(key.account), .text(key.dimensions),
                .text(key.currency), .integer(sums.debit), .integer(sums.credit), .integer(sums.originalDebit),
                .integer(sums.originalCredit),
            ]
        }
        sums = [:]
        try Self.upsert.send(rows, on: context.connection)
    }
}
