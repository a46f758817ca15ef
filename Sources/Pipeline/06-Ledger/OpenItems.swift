import Kernel
import Ledger

/// Advances, prepayments and receivables that a voucher opens or settles (往来未清项).
enum OpenItems {
    /// The accounts kept by open item, each with the side on which an item opens.
    private static let kept: [(account: AccountCode, opens: Side, dimension: String)] = [
        ("122101", .debit, "人员"), ("1123", .debit, "供应商"), ("1122", .debit, "客户"), ("220201", .credit, "供应商"),
    ]

    /// What each line of a draft moves. A settlement takes the item the document names first, then the oldest.
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
            if line.side == kind.opens {
                movements.append(movement(draft.documentNumber, draft.date, line.amount))
                continue
            }
            var rest = line.amount
            let items = try unit.ledger.openItems(account: line.account, party: party)
            let named = items.filter { $0.number == draft.settles } + items.filter { $0.number != draft.settles }
            for item in named where rest.minorUnits > 0 && item.balance.minorUnits + taken(item) > 0 {
                let part = min(rest.minorUnits, item.balance.minorUnits + taken(item))
                movements.append(movement(item.number, item.date, Money(minorUnits: -part, rest.currency)))
                rest = Money(minorUnits: rest.minorUnits - part, rest.currency)
            }
            // What settles more than is open stands as an item of its own, so that nothing disappears.
            if !rest.isZero { movements.append(movement(draft.documentNumber, draft.date, -rest)) }
        }
        return movements
    }
}
