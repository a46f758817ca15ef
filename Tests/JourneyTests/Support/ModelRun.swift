import Access
import Connectors
import Kernel
import Ledger
import Pipeline

/// Lets an OA and a whole accounting department loose on one approval, in the order that a seed draws.
///
/// Everything they do goes over the doors that they would use, and the program may refuse any of it with a reason.
actor ModelRun {
    /// What was done, in order; a failure is read with it.
    private(set) var history: [String] = []
    /// Red vouchers that a person asked for.
    private(set) var reversedByHand: Set<Voucher.ID> = []

    private let office: Office
    private let model: ApprovalModel
    private var dice: Dice

    private static let visitors: [Visitor] = [
        .maker, .reviewer, .cashier, .poster, .lead, .person("lin", .maker, .reviewer, .cashier, .poster, .lead),
        .person("he", .maker, .reviewer, .cashier, .poster, .lead), .person("gao", .maker, .reviewer, .poster, .lead),
    ]

    init(_ office: Office, _ model: ApprovalModel, _ dice: Dice) {
        self.office = office
        self.model = model
        self.dice = dice
    }

    /// Brings all revisions, some of them twice, with acts of persons and rounds of the worker in between.
    func play() async throws {
        var left = model.revisions
        if dice.falls(40) { left.shuffle(using: &dice) }
        var sent: [ApprovalModel.Revision] = []
        while !left.isEmpty {
            let revision = left.removeFirst()
            if dice.falls(30) {
                // The message and a person's act arrive in the same moment.
                let (act, by) = (try await anyAct(), anybody())
                async let answer: Void = deliver(revision)
                async let done: Void = perform(act, by)
                _ = try await (answer, done)
            } else {
                try await deliver(revision)
            }
            sent.append(revision)
            if dice.falls(25) { try await deliver(sent[dice.number(below: sent.count)]) }
            try await work()
            for _ in 0..<dice.number(below: 4) {
                try await perform(try await anyAct(), anybody())
                try await work()
            }
        }
        for _ in 0..<dice.number(below: 6) {
            let (first, second) = (try await anyAct(), try await anyAct())
            let (one, other) = (anybody(), anybody())
            async let left: Void = perform(first, one)
            async let right: Void = perform(second, other)
            async let round: Int = office.worker.round()
            _ = try await (left, right, round)
            try await work()
        }
    }

    private func work() async throws {
        switch dice.number(below: 10) {
        case 0..<5: try await office.settle()
        case 5..<8: _ = try await office.worker.round()
        default: break
        }
    }

    private func deliver(_ revision: ApprovalModel.Revision) async throws {
        history.append("deliver \(revision.number) \(revision.outcome)")
        try await office.send(ApprovalModel.form(revision))
    }

    private func anybody() -> Visitor { Self.visitors[dice.number(below: Self.visitors.count)] }

    /// Something that a person may want to do now.
    private enum Act: Sendable {
        case nothing
        case voucher(VoucherAct, Voucher.ID)
        case reverse(Voucher.ID)
        case retry(Case.ID)
    }

    private func anyAct() async throws -> Act {
        if dice.falls(25) {
            let cases = try await office.allCases()
            return cases.isEmpty ? .nothing : .retry(cases[dice.number(below: cases.count)].id)
        }
        let vouchers = try await office.vouchers(.draft, .pending, .approved, .posted)
        guard !vouchers.isEmpty else { return .nothing }
        let record = vouchers[dice.number(below: vouchers.count)]
        let id = record.voucher.id
        if dice.falls(15) { return .voucher(.discard, id) }
        return switch record.state {
        case .draft: .voucher(.submit, id)
        case .pending: .voucher(dice.falls(75) ? .approve : .sendBack(reason: "unclear"), id)
        case .approved where record.needsCashier && record.standing.cashier == nil: .voucher(.signAsCashier, id)
        case .approved: .voucher(dice.falls(80) ? .post : .unapprove, id)
        case .posted, .discarded: dice.falls(30) ? .reverse(id) : .nothing
        }
    }

    private func perform(_ act: Act, _ visitor: Visitor) async throws {
        var text = "\(visitor.person.id) \(act)"
        do {
            switch act {
            case .nothing: return
            case .voucher(let act, let id):
                _ = try await office.vouchers.act(act, on: id, in: TestCompany.id, by: visitor)
            case .reverse(let id):
                let red = try await office.vouchers.reverse(id, in: TestCompany.id, by: visitor, reason: "wrong")
                reversedByHand.insert(red.voucher.id)
            case .retry(let id): try await office.cases.retry(id, in: TestCompany.id, by: visitor, reason: "again")
            }
        } catch let error as any Explainable {
            text += " ✗ \(error.problem.code)"
        }
        history.append(text)
    }

    /// Everybody does the work that lies there, until nothing is left to do by regular work.
    func rest() async throws {
        for _ in 0..<12 {
            try await office.settle(minutes: 1)
            var moved = false
            for record in try await office.vouchers(.draft, .pending, .approved) {
                let id = record.voucher.id
                let (act, people): (VoucherAct, [String]) =
                    switch record.state {
                    case .draft: (.submit, ["maker"])
                    case .pending: (.approve, ["reviewer", "second"])
                    default:
                        record.needsCashier && record.standing.cashier == nil
                            ? (.signAsCashier, ["cashier"]) : (.post, ["poster", "third"])
                    }
                for name in people {
                    let visitor = Visitor.person(name, .maker, .reviewer, .cashier, .poster)
                    let before = history.count
                    try await perform(.voucher(act, id), visitor)
                    guard history.last?.contains("✗") == true, history.count > before else {
                        moved = true
                        break
                    }
                }
                try await office.settle()
            }
            for held in try await office.allCases() where held.state == .held {
                guard held.problem?.code == "voucher.discarded" else { continue }
                try await perform(.retry(held.id), .maker)
                moved = true
            }
            if !moved { return }
        }
        history.append("no rest was found")
    }
}
