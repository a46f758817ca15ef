import Kernel
import Pipeline

/// One approval as its OA knows it, drawn by a seed: its revisions, and what the books have to show for them.
struct ApprovalModel: Sendable {
    /// What a revision says.
    struct Revision: Sendable {
        let number: Int
        let outcome: Case.Outcome
        let content: Content
    }

    /// The content of a claim; a revision keeps it or has another.
    struct Content: Hashable, Sendable {
        let ofSales: Bool
        let isLarge: Bool

        static let all = [false, true].flatMap { sales in [false, true].map { Content(ofSales: sales, isLarge: $0) } }

        var net: Int64 { isLarge ? 1000_00 : 500_00 }
        var tax: Int64 { isLarge ? 130_00 : 65_00 }
    }

    static let name = "BX-1"
    static let large = Invoice(1, net: 1000_00)
    static let small = Invoice(2, net: 500_00)

    let revisions: [Revision]

    /// Draws two to five revisions; the first is the approval, a payment pays what was approved before it.
    init(_ dice: inout Dice) {
        var content = Content.all[dice.number(below: 4)]
        var revisions = [Revision(number: 1, outcome: .approved, content: content)]
        for number in 2...(2 + dice.number(below: 4)) {
            let outcome: Case.Outcome = [.approved, .amended, .paid, .paid, .withdrawn, .amended][dice.number(below: 6)]
            if outcome == .approved || outcome == .amended { content = Content.all[dice.number(below: 4)] }
            revisions.append(Revision(number: number, outcome: outcome, content: content))
        }
        self.revisions = revisions
    }

    static func form(_ revision: Revision) -> Form {
        let content = revision.content
        let gross = Money(minorUnits: content.net + content.tax, .cny).text
        return Form.expense(name, gross, invoice: content.isLarge ? large : small).with { form in
            form.revision = revision.number
            form.outcome = revision.outcome.rawValue
            if content.ofSales { form.department = ("d-20", "销售部") }
            if revision.outcome == .paid {
                form.extra = [
                    ("payee", Form.party("u-01", "张三")),
                    ("payment", Form.payment(gross, paidAt: "2026-04-12T03:00:00Z")),
                ]
            }
        }
    }

    /// What the claim is on the books, owed to the employee or paid.
    static func books(_ content: Content, isPaid: Bool) -> [String: Int64] {
        [
            content.ofSales ? "660109 部门=D20" : "660209 部门=D10": content.net, "22210101 ": content.tax,
            isPaid ? "1002 银行账户=B01" : "224101 人员=E001": -content.net - content.tax,
        ]
    }

    /// What the highest revision says.
    var end: [String: Int64] {
        guard let last = revisions.last, last.outcome != .withdrawn else { return [:] }
        return Self.books(last.content, isPaid: last.outcome == .paid)
    }

    /// Whether the OA took back or changed what was paid, which is a person's matter.
    var takesMoneyBack: Bool {
        guard let paid = revisions.firstIndex(where: { $0.outcome == .paid }) else { return false }
        return revisions[paid...].contains { $0.outcome != .paid }
    }

    var text: String {
        revisions.map {
            "\($0.number) \($0.outcome) \($0.content.ofSales ? "S" : "A")\($0.content.isLarge ? "+" : "-")"
        }
        .joined(separator: ", ")
    }
}
