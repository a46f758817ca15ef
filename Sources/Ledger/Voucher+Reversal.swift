package import Kernel

extension Voucher {
    /// The red voucher that takes this posted one back (红字冲销, 会计基础工作规范 art. 51(5)).
    ///
    /// Every line again with a negative amount on its own side, the same word, no attachments, and the summary
    /// 注销某月某日某号凭证. A reversal is not reversed: what it took back is booked again by a new voucher.
    package func reversal(
        id: ID, date: Day, number: VoucherNumber, makers: [PersonID], caseID: String? = nil
    ) throws(VoucherError) -> Voucher {
        guard reverses == nil else { throw .reversalOfReversal(self.id) }
        guard date >= self.date else { throw .reversalBeforeOriginal(self.id, original: self.date, reversal: date) }
        let summary = reversalSummary(number: number, seenFrom: date)
        return try Voucher(
            id: id, word: word, date: date, attachments: 0, summary: summary,
            lines: lines.enumerated().map { index, line in
                line.negated(summary: summary, origin: .reversal(of: self.id, line: index + 1))
            },
            reverses: self.id, caseID: caseID ?? self.caseID, makers: makers
        )
    }

    /// `注销11月5日记-12号凭证`; the year is named where it is another one.
    private func reversalSummary(number: VoucherNumber, seenFrom day: Day) -> String {
        let parts = date.parts
        let year = parts.year == day.year ? "" : "\(parts.year)年"
        return "注销\(year)\(parts.month)月\(parts.day)日\(number.text)号凭证"
    }
}
