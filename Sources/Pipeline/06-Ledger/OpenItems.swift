import Kernel
import Ledger

/// Advances, prepayments and receivables that a voucher opens or settles (往来未清项).
enum OpenItems {
    /// One account that is kept by open item.
    private struct Kind {
        let account: AccountCode
        /// The side on which an item opens.
        let opens: Side
        let dimension: String
        /// Whether a settlement takes only items that its document names: an estimate belongs to its receipt.
        var isNamedOnly = false
    }

    private static let kept = [
        Kind(account: "122101", opens: .debit, dimension: "人员"), Kind(account: "1123", opens: .debit, dimension: "供应商"),
        Kind(account: "1122", opens: .debit, dimension: "客户"),
        Kind(account: "220201", opens: .credit, dimension: "供应商"),
        Kind(account: estimates, opens: .credit, dimension: "供应商", isNamedOnly: true),
    ]

    /// What was received and not invoiced yet, by receipt (暂估应付款).
    static let estimates: AccountCode = "220202"

    /// What each line of a draft moves. A settlement takes the items the document names first, then its own, then the oldest.
    ///
    /// A negative amount on the opening side settles as well (红字).
    static func movements(
        of draft: VoucherDraft, voucher: Voucher.ID, in unit: any Unit
    ) throws -> [OpenItemMovement] {
        var movements: [OpenItemMovement] = []
        func taken(_ item: OpenItem) -> Int64 {
            movements.filter { $0.account == item.account && $0.party == item.party && $0.number == item.number }
                .reduce(0) { $0 + $1.amount.minorUnits }
        }
        for line in draft.lines {
            guard let kind = kept.first(where: { $0.account == line.account }),
                let party = line.dimensions[kind.dimension]
            else { continue }
            func movement(_ number: String, _ date: Day, _ amount: Money) -> OpenItemMovement {
                OpenItemMovement(
                    voucher: voucher, account: line.account, party: party, number: number, date: date, amount: amount
                )
            }
            let signed = line.side == kind.opens ? line.amount : -line.amount
            guard signed.isNegative else {
                movements.append(movement(draft.documentNumber, draft.date, signed))
                continue
            }
            var rest = -signed
            let items = try unit.ledger.openItems(account: line.account, party: party)
            for item in order(items, of: draft, kind) where rest.minorUnits > 0 {
                let part = min(rest.minorUnits, item.balance.minorUnits + taken(item))
                guard part > 0 else { continue }
                movements.append(movement(item.number, item.date, Money(minorUnits: -part, rest.currency)))
                rest = Money(minorUnits: rest.minorUnits - part, rest.currency)
            }
            // What settles more than is open stands as an item of its own, so that nothing disappears.
            if !rest.isZero { movements.append(movement(draft.documentNumber, draft.date, -rest)) }
        }
        return movements
    }

    private static func order(_ items: [OpenItem], of draft: VoucherDraft, _ kind: Kind) -> [OpenItem] {
        let named: [String] = draft.settles + [draft.documentNumber]
        let first = named.flatMap { number in items.filter { $0.number == number } }
        return kind.isNamedOnly ? first : first + items.filter { !named.contains($0.number) }
    }
}
