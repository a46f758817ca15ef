import Kernel
import Ledger
import Testing

@Suite("Voucher")
struct VoucherTests {
    @Test("balances by the sum of each side")
    func balances() throws {
        let voucher = try TestBook.claim()
        #expect(voucher.total == Money(minorUnits: 553_00, .cny))
        #expect(voucher.period == Period("2026-11"))
    }

    @Test(
        "refuses lines that are no voucher",
        arguments: [
            ([], .tooFewLines("V-1", count: 0)),
            ([debit(1)], .tooFewLines("V-1", count: 1)),
            ([debit(100), credit(99)], .unbalanced("V-1", debit: yuan(100), credit: yuan(99))),
            ([debit(100), debit(-100), credit(0)], .line("V-1", number: 3, .zeroAmount)),
            ([debit(1), debit(1)], .unbalanced("V-1", debit: yuan(2), credit: yuan(0))),
            (Array(repeating: debit(1), count: 1001), .tooManyLines("V-1", count: 1001)),
            (
                [debit(1), VoucherLine(.credit, "1001", Money(minorUnits: 1, .usd))],
                .line("V-1", number: 2, .mixedCurrencies(expected: .cny, found: .usd))
            ),
            ([debit(Money.limit + 1), credit(Money.limit + 1)], .line("V-1", number: 1, .amountTooLarge)),
        ] as [([VoucherLine], VoucherError)]
    )
    func refuses(lines: [VoucherLine], error: VoucherError) {
        #expect(throws: error) { try TestBook.voucher(lines: lines) }
    }

    @Test("takes a thousand lines at the limit")
    func limit() throws {
        let lines = Array(repeating: debit(Money.limit), count: 500) + Array(repeating: credit(Money.limit), count: 500)
        #expect(try TestBook.voucher(lines: lines).total.minorUnits == 500 * Money.limit)
    }

    @Test(
        "asks for a rate beside a foreign amount, and for one sign",
        arguments: [
            (Money(minorUnits: 100, .usd), nil, .originalWithoutRate(Money(minorUnits: 100, .usd))),
            (Money(minorUnits: 100, .usd), "0", .originalWithoutRate(Money(minorUnits: 100, .usd))),
            (nil, "7.1", .rateWithoutOriginal),
            (Money(minorUnits: 100, .cny), "1", .originalInBaseCurrency(.cny)),
            (Money(minorUnits: -100, .usd), "7.1", .signsDiffer(Money(minorUnits: -100, .usd), yuan(710))),
            (Money(minorUnits: 100, .usd), "7.1", nil),
            (Money(minorUnits: 0, .usd), "7.1", nil),
        ] as [(Money?, String?, LineFault?)]
    )
    func foreign(original: Money?, rate: String?, fault: LineFault?) throws {
        let line = VoucherLine(.debit, "1002", yuan(710), original: original, rate: rate.flatMap { Rate($0) })
        if let fault {
            #expect(throws: VoucherError.line("V-1", number: 1, fault)) {
                try TestBook.voucher(lines: [line, credit(710)])
            }
        } else {
            #expect(try TestBook.voucher(lines: [line, credit(710)]).lines.count == 2)
        }
    }

    @Test("refuses what its heading cannot be")
    func heading() throws {
        #expect(throws: VoucherError.attachments("V-1", count: -1)) {
            try TestBook.voucher(lines: [debit(1), credit(1)], attachments: -1)
        }
        #expect(throws: VoucherError.noMaker("V-1")) {
            try TestBook.voucher(lines: [debit(1), credit(1)], makers: [])
        }
    }

    @Test(
        "is held against the chart",
        arguments: [
            (TestBook.line(.debit, "9999", 1), [.unknownAccount("9999")]),
            (TestBook.line(.debit, "6602", 1), [.notALeaf("6602")]),
            (
                TestBook.line(.debit, "660207", 1),
                [.missingDimension("660207", kind: "部门"), .missingDimension("660207", kind: "人员")]
            ),
            (
                TestBook.line(.debit, "1001", 1, ["部门": "D10"]), [.unexpectedDimension("1001", kind: "部门")]
            ),
            (
                TestBook.line(.debit, "224101", 1, ["人员": "E404"]),
                [.unknownItem(Dimensions.Item(kind: "人员", code: "E404"))]
            ),
            (
                TestBook.line(.debit, "224101", 1, ["人员": "E002"]),
                [.inactiveItem(Dimensions.Item(kind: "人员", code: "E002"))]
            ),
            (
                TestBook.line(.debit, "660303", 1, cashFlowItem: "支付其他与经营活动有关的现金"),
                [.unexpectedCashFlowItem("660303")]
            ),
            (TestBook.line(.debit, "224101", 1, ["人员": "E001"]), []),
        ] as [(VoucherLine, [LineFault])]
    )
    func chart(line: VoucherLine, faults: [LineFault]) throws {
        let items = DimensionItems([
            DimensionItem(kind: "人员", code: "E001", name: "张三"),
            DimensionItem(kind: "人员", code: "E002", name: "李四", isActive: false),
        ])
        let voucher = try TestBook.voucher(lines: [line, credit(1)])
        let found = voucher.faults(against: try TestBook.chart(), items: items, words: .general)
        #expect(found == faults.map { .line("V-1", number: 1, $0) })
    }

    @Test(
        "takes the word of its cash lines",
        arguments: [
            ([TestBook.line(.debit, "1001", 5), TestBook.line(.credit, "6001", 5)], .receipt),
            ([TestBook.line(.debit, "660303", 5), TestBook.line(.credit, "1002", 5)], .payment),
            ([TestBook.line(.debit, "1001", 5), TestBook.line(.credit, "1002", 5)], .payment),
            ([TestBook.line(.debit, "1012", 5), TestBook.line(.credit, "6001", 5)], .receipt),
            ([TestBook.line(.debit, "660303", -5), TestBook.line(.credit, "1002", -5)], .payment),
            ([TestBook.line(.debit, "6401", 5), TestBook.line(.credit, "1405", 5)], .transfer),
        ] as [([VoucherLine], VoucherWord)]
    )
    func word(lines: [VoucherLine], word: VoucherWord) throws {
        let chart = try TestBook.chart()
        #expect(BookWords.receiptPaymentTransfer.word(for: lines, in: chart) == word)
        #expect(BookWords.general.word(for: lines, in: chart) == .general)
        for other in VoucherWord.allCases {
            let faults = try TestBook.voucher(word: other, lines: lines)
                .faults(against: chart, words: .receiptPaymentTransfer)
            let isWrong = faults.contains(.wrongWord("V-1", expected: word, found: other))
            #expect(isWrong == (other != word))
        }
    }
}

private func yuan(_ minorUnits: Int64) -> Money { Money(minorUnits: minorUnits, .cny) }
private func debit(_ minorUnits: Int64) -> VoucherLine { TestBook.line(.debit, "1001", minorUnits) }
private func credit(_ minorUnits: Int64) -> VoucherLine { TestBook.line(.credit, "1001", minorUnits) }
