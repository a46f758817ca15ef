import Kernel
import Ledger
import Testing

@Suite("VoucherNumber")
struct VoucherNumberTests {
    private let period = Day(number: 20_000).period

    @Test(
        "is written short and as vouchers are headed",
        arguments: [(12, "记-12", "记字第0012号"), (10_000, "记-10000", "记字第10000号")] as [(Int64, String, String)])
    func text(number: Int64, text: String, formal: String) throws {
        let number = try #require(VoucherNumber(period: period, word: .general, number: number))
        #expect(number.text == text && number.formal == formal)
        #expect(VoucherNumber(text, period: period) == number)
    }

    @Test("reads nothing else", arguments: ["记-0", "记--1", "记-01", "字-1", "记", "记-1-2", "-1", "记-+1"])
    func refuses(text: String) {
        #expect(VoucherNumber(text, period: period) == nil)
    }

    @Test(
        "finds the gaps of a series",
        arguments: [
            ([1, 2, 3], []), ([2, 5], [1...1, 3...4]), ([], []), ([3, 1, 1], [2...2]),
        ] as [([Int64], [ClosedRange<Int64>])]
    )
    func gaps(numbers: [Int64], expected: [ClosedRange<Int64>]) {
        #expect(VoucherNumber.gaps(in: numbers) == expected)
    }
}

@Suite("PostingBatch")
struct PostingBatchTests {
    @Test("numbers by date, then by draft reference, each series by itself")
    func order() throws {
        let drafts: [(String, Int64)] = [("2026-11-20", 10), ("2026-11-20", 9), ("2026-11-05", 30), ("2026-12-01", 1)]
        let entries = try drafts.map { date, reference in
            PostingBatch.Entry(
                try TestBook.claim(Voucher.ID("V-\(reference)"), date: date), reference: DraftReference(reference)
            )
        }
        let numbered = PostingBatch(entries).numbered { period, _ in period.month == 11 ? 41 : 0 }
        #expect(numbered.map(\.voucher.id) == ["V-30", "V-9", "V-10", "V-1"])
        #expect(numbered.map(\.number.text) == ["记-42", "记-43", "记-44", "记-1"])
    }

    @Test("leaves no gap in whatever order drafts come", arguments: [31, 32] as [UInt64])
    func gapless(seed: UInt64) throws {
        var maker = VoucherMaker(chart: try TestBook.chart(), seed: seed)
        let book = try maker.book(vouchers: 120)
        for series in Dictionary(grouping: book, by: \.number.series).values {
            #expect(series.map(\.number.number).sorted() == Array(1...Int64(series.count)))
        }
    }

    @Test("calls a draft by six digits")
    func reference() {
        #expect(DraftReference(12).text == "D-000012")
        #expect(DraftReference(1_234_567).text == "D-1234567")
    }
}
