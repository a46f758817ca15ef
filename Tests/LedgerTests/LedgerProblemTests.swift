import Kernel
import Ledger
import Testing

@Suite("Problems of the ledger")
struct LedgerProblemTests {
    @Test("tell what, where, why and how to fix it, in both languages", arguments: problems)
    func complete(problem: Problem) {
        for phrase in [problem.title, problem.location, problem.cause, problem.remedy] {
            #expect(!phrase.zh.isEmpty && !phrase.en.isEmpty, "\(problem.code)")
        }
        #expect(problem.title.zh.hasSuffix("。") && problem.title.en.hasSuffix("."))
        #expect(problem.remedy.zh.hasSuffix("。") && problem.remedy.en.hasSuffix("."))
        #expect(Problem(json: problem.json) == problem)
    }

    @Test("have each a code of its own")
    func codes() {
        #expect(Set(problems.map(\.code)).count == problems.count)
    }

    @Test("read like sentences")
    func golden() {
        let error = VoucherError.line("V-1", number: 2, .missingDimension("660207", kind: "部门"))
        #expect(
            error.problem.block(in: .zh) == """
                缺少辅助核算。 [voucher.missing_dimension]
                  位置: 凭证 V-1 第 2 行
                  原因: 科目 660207 要求填写「部门」。
                  处理: 请填写该辅助核算，或在规则模板中给出。
                """
        )
        let state = VoucherStateError.notNow("V-1", act: .discard, state: .posted)
        #expect(
            state.description == """
                The voucher does not stand where this can be done. [voucher.not_now]
                  where: voucher V-1
                  why: It is posted, so nobody can discard it.
                  fix: A posted voucher is not changed; reverse it instead.
                """
        )
    }
}

private let yuan = Money(minorUnits: 1, .cny)
private let day = Day(number: 20_000)
private let item = Dimensions.Item(kind: "部门", code: "D10")

/// One of each.
private let problems: [Problem] = chartErrors + voucherErrors + lineFaults + stateErrors + others

private let chartErrors: [Problem] = [
    ChartError.duplicate("1"), .missingParent("11", parent: "1"), .leafWithChildren("1", child: "11"),
    .parentsInCircle("1"), .namelessAccount("1"), .tooManyAccounts(count: 100_001), .missingColumn("code"),
    .badField(line: 2, column: "class", found: "x"), .unevenRow(line: 2, expected: 13, found: 12),
].map(\.problem)

private let voucherErrors: [Problem] = [
    VoucherError.tooFewLines("V", count: 1), .tooManyLines("V", count: 1001), .attachments("V", count: -1),
    .summaryLength("V", bytes: 0), .noMaker("V"), .unbalanced("V", debit: yuan, credit: -yuan),
    .wrongWord("V", expected: .payment, found: .receipt), .reversalOfReversal("V"),
    .reversalBeforeOriginal("V", original: day, reversal: day.adding(days: -1)), .malformed(field: "date"),
].map(\.problem)

private let lineFaults: [Problem] = [
    LineFault.mixedCurrencies(expected: .cny, found: .usd), .zeroAmount, .amountTooLarge, .textTooLong,
    .rateWithoutOriginal, .originalWithoutRate(yuan), .originalInBaseCurrency(.cny), .signsDiffer(yuan, -yuan),
    .unknownAccount("1"), .notALeaf("1"), .inactiveAccount("1"), .missingDimension("1", kind: "部门"),
    .unexpectedDimension("1", kind: "部门"), .unknownItem(item), .inactiveItem(item),
    .wrongCurrency("1", expected: .usd, found: .cny), .unexpectedCashFlowItem("1"),
].map { VoucherError.line("V", number: 1, $0).problem }

private let stateErrors: [Problem] = [
    VoucherStateError.notNow("V", act: .post, state: .draft),
    .sameDuty("V", "u", first: .maker, second: .reviewer), .notAPerson("V", "rule:a@1", act: .approve),
    .otherReviewer("V", expected: nil, found: "u"), .cashierMissing("V"), .noMoney("V"), .signedAlready("V", by: "u"),
    .reasonMissing("V"), .needsReviewer("V", .sampled), .reversalOfReversal("V"), .reversedAlready("V", by: "R"),
    .sampleTooSmall(percent: 4), .authoriserMissing(ruleBook: "费用"),
].map(\.problem)

private let others: [Problem] =
    [BalanceError.tooLarge, .unknownAccount("1"), .unbalanced(.opening, debit: yuan, credit: -yuan)].map(\.problem)
    + [
        AccountingDateError.future(day, today: day), .earlierYear(day, firstOpen: day.period),
        .periodClosed(day, firstOpen: day.period), .notOpened(day),
    ].map(\.problem)
