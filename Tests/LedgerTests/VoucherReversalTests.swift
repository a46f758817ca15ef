import Kernel
import Ledger
import Testing

@Suite("Voucher reversal")
struct VoucherReversalTests {
    @Test("nets to zero on every balance key", arguments: [4, 5] as [UInt64])
    func netsToZero(seed: UInt64) throws {
        var maker = VoucherMaker(chart: try TestBook.chart(), seed: seed)
        for _ in 0..<200 {
            let voucher = try maker.voucher()
            let red = try voucher.reversal(
                id: "R", date: voucher.date.adding(days: 40), number: try number(voucher, 12), makers: ["u-1"]
            )
            let original = try voucher.movements()
            let reversed = try red.movements()
            #expect(Set(original.keys) == Set(reversed.keys))
            for (key, movement) in original {
                let sum = try movement.adding(reversed[key] ?? .zero)
                // Both columns come back to zero, not only their difference: red is on the same side.
                #expect(sum == .zero)
            }
            #expect(red.attachments == 0 && red.reverses == voucher.id && red.word == voucher.word)
        }
    }

    @Test(
        "says which voucher it takes back",
        arguments: [("2026-11-20", "注销11月5日记-12号凭证"), ("2027-01-01", "注销2026年11月5日记-12号凭证")]
    )
    func summary(date: String, summary: String) throws {
        let voucher = try TestBook.claim(date: "2026-11-05")
        let red = try voucher.reversal(
            id: "R", date: try #require(Day(date)), number: try number(voucher, 12), makers: ["u-1"]
        )
        #expect(red.summary == summary)
        #expect(red.lines.allSatisfy { $0.summary == summary && $0.origin.reversed == voucher.id })
    }

    @Test("is not reversed itself, and not dated before its voucher")
    func refuses() throws {
        let voucher = try TestBook.claim(date: "2026-11-05")
        let same = try voucher.reversal(id: "R", date: voucher.date, number: try number(voucher, 1), makers: ["u-1"])
        #expect(throws: VoucherError.reversalOfReversal("R")) {
            try same.reversal(id: "RR", date: same.date, number: try number(voucher, 2), makers: ["u-1"])
        }
        let before = voucher.date.adding(days: -1)
        #expect(throws: VoucherError.reversalBeforeOriginal("V-1", original: voucher.date, reversal: before)) {
            try voucher.reversal(id: "R", date: before, number: try number(voucher, 1), makers: ["u-1"])
        }
    }

    private func number(_ voucher: Voucher, _ number: Int64) throws -> VoucherNumber {
        try #require(VoucherNumber(period: voucher.period, word: voucher.word, number: number))
    }
}
