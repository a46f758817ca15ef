import Jobs
import Kernel
import Ledger
import Pipeline

/// What the books, the register and the queues show of one approval when nobody has anything left to do.
struct Rest: Sendable {
    let cases: [Case]
    let vouchers: [VoucherRecord]
    let balances: [String: Int64]
    let uses: [String: [Case.ID]]
    let deliveries: [Delivery]
    let openJobs: [String]
    let deadLetters: Int
    let receipts: [ReceiptRecord]

    init(_ office: Office) async throws {
        cases = try await office.allCases()
        vouchers = try await office.vouchers(.draft, .pending, .approved, .posted)
        balances = try await office.balances()
        var uses: [String: [Case.ID]] = [:]
        for invoice in [ApprovalModel.large, ApprovalModel.small] {
            uses[invoice.number] = try await office.users(of: invoice)
        }
        self.uses = uses
        let inbox = Book.inbox(of: TestCompany.connector)
        deliveries = try await office.store.read(inbox) { try $0.inbox.page(limit: 100, cursor: nil).items }
        openJobs = try await office.openJobs()
        deadLetters = try await office.deadLetters() + office.deadLetters(inbox)
        let ids = cases.map(\.id)
        receipts = try await office.read { records in try ids.flatMap { try records.cases.receipts(of: $0) } }
    }

    /// Every law that is broken, in words.
    func broken(_ model: ApprovalModel, reversedByHand: Set<Voucher.ID>) -> [String] {
        books(model, reversedByHand) + register + ways + wholeWork
    }

    /// (i) The books show what the highest revision says, but for what a person took back.
    private func books(_ model: ApprovalModel, _ reversedByHand: Set<Voucher.ID>) -> [String] {
        let end = model.end
        if model.takesMoneyBack, cases.contains(where: { $0.problem?.code == "case.paid_before_withdrawal" }) {
            // Nothing happens silently; what becomes of the money is a person's matter.
            return []
        }
        var allowed: [[String: Int64]] = [end]
        for red in vouchers where reversedByHand.contains(red.voucher.id) {
            let taken = red.voucher.lines.reduce(into: [String: Int64]()) { sums, line in
                sums["\(line.account.text) \(line.dimensions.key)", default: 0] +=
                    line.side == .debit ? line.amount.minorUnits : -line.amount.minorUnits
            }
            allowed += allowed.map { $0.merging(taken, uniquingKeysWith: +).filter { $0.value != 0 } }
        }
        return allowed.contains(balances)
            ? [] : ["(i) the books show \(balances), not \(end); money taken back: \(model.takesMoneyBack)"]
    }

    /// (ii) An invoice is in use as long as a voucher stands that books it.
    private var register: [String] {
        uses.sorted { $0.key < $1.key }.flatMap { key, users -> [String] in
            let amount: Int64 = key == ApprovalModel.large.number ? 1000_00 : 500_00
            let isBooked = vouchers.contains { record in
                record.isInForce
                    && record.voucher.lines.contains {
                        $0.amount.minorUnits == amount && $0.account.text.hasPrefix("66")
                    }
            }
            if users.count > 1 { return ["(ii) invoice \(key) is used by \(users)"] }
            return isBooked == !users.isEmpty ? [] : ["(ii) invoice \(key): booked \(isBooked), used by \(users)"]
        }
    }

    /// (v) A case says where its vouchers are.
    private var ways: [String] {
        cases.flatMap { current -> [String] in
            let own = vouchers.filter { $0.caseID == current.id && $0.voucher.reverses == nil }
            let reds = vouchers.filter { $0.caseID == current.id && $0.voucher.reverses != nil }
            let isUnposted = (own + reds).contains { $0.state != .posted }
            let isInForce = own.contains(where: \.isInForce)
            let isTrue =
                switch current.state {
                case .running: false
                case .waiting: isUnposted
                case .held: current.problem != nil
                case .posted: isInForce && !isUnposted
                case .reversed: !isInForce && !isUnposted
                case .superseded: !isInForce && !own.contains { $0.state != .posted }
                case .nothingToBook: own.isEmpty && reds.isEmpty
                case .conflict: own.isEmpty && reds.isEmpty
                }
            return isTrue
                ? []
                : [
                    "(v) \(current.id) rev \(current.revision) \(current.outcome) says \(current.state): \(own.count) \(reds.count)"
                ]
        }
    }

    /// (iv), (vi) and (vii): nothing is left lying, and nothing is told twice.
    private var wholeWork: [String] {
        var broken: [String] = []
        for delivery in deliveries where delivery.state != .done && delivery.state != .conflict {
            broken.append("(iv) delivery \(delivery.key) is \(delivery.state)")
        }
        if deadLetters > 0 { broken.append("(iv) \(deadLetters) dead letters") }
        if !openJobs.isEmpty { broken.append("(iv) jobs are left: \(openJobs)") }
        for receipt in receipts where receipt.state != .sent {
            broken.append("(vi) the answer \(receipt.key) is \(receipt.state)")
        }
        let keys = receipts.map(\.key)
        if Set(keys).count != keys.count { broken.append("(vi) an answer was sent twice: \(keys)") }
        for record in vouchers where record.state != .posted {
            broken.append("(vii) voucher \(record.voucher.id) is \(record.state), and everybody did what they could")
        }
        return broken
    }
}
