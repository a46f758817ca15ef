import Foundation
import Kernel
import Ledger

/// The charts that ship with the product, and vouchers made by chance from a seed.
enum TestBook {
    static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func chart(_ name: String = "cas") throws -> Chart {
        let file = root.appendingPathComponent("Charts/chart-of-accounts-\(name).csv")
        return try Chart(csv: String(contentsOf: file, encoding: .utf8))
    }

    static func line(
        _ side: Side, _ account: AccountCode, _ minorUnits: Int64, _ dimensions: Dimensions = .none,
        cashFlowItem: String? = nil
    ) -> VoucherLine {
        VoucherLine(
            side, account, Money(minorUnits: minorUnits, .cny), dimensions: dimensions, cashFlowItem: cashFlowItem
        )
    }

    static func voucher(
        _ id: Voucher.ID = "V-1", word: VoucherWord = .general, date: String = "2026-11-20",
        lines: [VoucherLine], attachments: Int = 1, reverses: Voucher.ID? = nil, makers: [PersonID] = ["u-maker"]
    ) throws -> Voucher {
        try Voucher(
            id: id, word: word, date: Day(date) ?? Day(number: 0), attachments: attachments, summary: "报销差旅费",
            lines: lines, reverses: reverses, caseID: "OA-2026-0001", makers: makers
        )
    }

    /// An expense of an employee, paid by nobody yet.
    static func claim(
        _ id: Voucher.ID = "V-1", _ minorUnits: Int64 = 553_00, date: String = "2026-11-20",
        makers: [PersonID] = ["u-maker"]
    ) throws -> Voucher {
        try voucher(
            id, date: date,
            lines: [
                line(.debit, "660207", minorUnits, ["部门": "D10", "人员": "E001"]),
                line(.credit, "224101", minorUnits, ["人员": "E001"]),
            ],
            makers: makers
        )
    }
}

/// SplitMix64: chance that a test can repeat.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// Makes vouchers that a chart allows: red lines, foreign currencies, quantities, dimensions, odd characters.
struct VoucherMaker {
    private let chart: Chart
    private let leaves: [Account]
    private var generator: SeededGenerator
    private var made = 0

    init(chart: Chart, seed: UInt64) {
        self.chart = chart
        leaves = chart.accounts.filter(\.isLeaf)
        generator = SeededGenerator(seed: seed)
    }

    mutating func voucher(year: Int = 2026) throws -> Voucher {
        made += 1
        var lines = (0..<Int.random(in: 1...6, using: &generator)).map { _ in line() }
        let difference = lines.total(of: .debit, in: .cny) - lines.total(of: .credit, in: .cny)
        if difference.isZero {
            lines.append(plainLine(.debit, 1))
            lines.append(plainLine(.credit, 1))
        } else if Bool.random(using: &generator) {
            lines.append(plainLine(.credit, difference.minorUnits))
        } else {
            lines.append(plainLine(.debit, -difference.minorUnits))
        }
        let day = Day(
            number: (Day(year: year, month: 1, day: 1)?.number ?? 0) + Int.random(in: 0..<365, using: &generator))
        return try Voucher(
            id: Voucher.ID("V-\(made)"), word: BookWords.receiptPaymentTransfer.word(for: lines, in: chart), date: day,
            attachments: Int.random(in: 0...9, using: &generator),
            summary: summaries.randomElement(using: &generator) ?? "付",
            lines: lines, caseID: Bool.random(using: &generator) ? "OA-\(made)" : nil,
            makers: [.rule(book: "费用", version: "3")]
        )
    }

    /// Posted in a batch, with the red vouchers of some of them.
    mutating func book(vouchers count: Int) throws -> [PostedVoucher] {
        let entries = try (0..<count).map {
            PostingBatch.Entry(try voucher(), reference: DraftReference(Int64($0 + 1)))
        }
        let posted = PostingBatch(entries).numbered { _, _ in 0 }
        var last: [VoucherNumber.Series: Int64] = [:]
        for entry in posted { last[entry.number.series] = max(last[entry.number.series] ?? 0, entry.number.number) }
        let reversals = try posted.enumerated().filter { $0.offset % 11 == 0 }.map { index, entry in
            PostingBatch.Entry(
                try entry.voucher.reversal(
                    id: Voucher.ID("R-\(index)"), date: Day(year: 2026, month: 12, day: 31) ?? entry.voucher.date,
                    number: entry.number, makers: ["u-1"]
                ),
                reference: DraftReference(Int64(count + index + 1))
            )
        }
        return posted + PostingBatch(reversals).numbered { last[VoucherNumber.Series(period: $0, word: $1)] ?? 0 }
    }

    private let summaries = [
        "报销差旅费", "支付货款; 含税, [2026/01/02] 到货", "结转 \"主营\" 成本 \\ 收入", "Travel  claim | 王芳", "付：房租=2月", "😀 表情",
    ]

    private mutating func line() -> VoucherLine {
        let side = Bool.random(using: &generator) ? Side.debit : .credit
        let minorUnits = Int64.random(in: 1...1_000_000_00, using: &generator)
        let sign: Int64 = Int.random(in: 0..<5, using: &generator) == 0 ? -1 : 1
        guard Int.random(in: 0..<3, using: &generator) == 0 else { return plainLine(side, sign * minorUnits) }
        let currency = [Currency.usd, .jpy, Currency("KWD") ?? .usd].randomElement(using: &generator) ?? .usd
        let original = Money(minorUnits: sign * Int64.random(in: 1000...1_000_000, using: &generator), currency)
        let rate = Rate(scaled: Int64.random(in: 4_000_000...2_400_000_000, using: &generator))
        let amount = (try? original.converted(at: rate, to: .cny)) ?? Money(minorUnits: sign, .cny)
        let account = leaves.filter { $0.dimensions.isEmpty }.randomElement(using: &generator)
        return VoucherLine(
            side, account?.code ?? "1001", amount.isZero ? Money(minorUnits: sign, .cny) : amount, summary: "外币",
            original: original, rate: rate, origin: .person("u-1", before: ["amount": "1.00"], reason: "改汇率")
        )
    }

    private mutating func plainLine(_ side: Side, _ minorUnits: Int64) -> VoucherLine {
        let account = leaves.randomElement(using: &generator)
        let dimensions = Dimensions(
            (account?.dimensions ?? []).map {
                Dimensions.Item(kind: $0, code: "X\(Int.random(in: 1...3, using: &generator))")
            }
        )
        let hasQuantity = Int.random(in: 0..<4, using: &generator) == 0
        return VoucherLine(
            side, account?.code ?? "1001", Money(minorUnits: minorUnits, .cny),
            quantity: hasQuantity ? Rate(scaled: Int64.random(in: 1...10_000_000_000, using: &generator)) : nil,
            unit: hasQuantity ? "千克" : nil, unitPrice: hasQuantity ? Rate("1.5") : nil, dimensions: dimensions ?? .none,
            cashFlowItem: account?.isCash == true ? "支付其他与经营活动有关的现金" : nil,
            origin: .rule(
                book: "费用", version: "3", name: "差旅", template: "1", rows: ["expense_leaf#3"],
                findings: [["question": "amount > 0", "holds": true]], field: "报销明细[0].金额",
                evidence: (key: "26332000000990000001", field: "amountExTax")
            )
        )
    }
}
