package import Kernel

/// The number a voucher takes when it is posted: per period and word, from 1, without gaps (凭证号).
package struct VoucherNumber: Hashable, Sendable {
    package let period: Period
    package let word: VoucherWord
    package let number: Int64

    package init?(period: Period, word: VoucherWord, number: Int64) {
        guard number >= 1 else { return nil }
        self.period = period
        self.word = word
        self.number = number
    }

    /// `记-12`.
    package var text: String { "\(word.rawValue)-\(number)" }

    /// As vouchers are headed: `记字第0012号`.
    package var formal: String {
        let digits = String(number)
        return "\(word.rawValue)字第\(String(repeating: "0", count: max(0, 4 - digits.count)) + digits)号"
    }

    /// Reads `记-12` as a number of a period.
    package init?(_ text: String, period: Period) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let word = VoucherWord(rawValue: String(parts[0])), let number = Int64(parts[1]),
            String(number) == parts[1]
        else { return nil }
        self.init(period: period, word: word, number: number)
    }
}

extension VoucherNumber: Comparable {
    package static func < (left: VoucherNumber, right: VoucherNumber) -> Bool {
        if left.period != right.period { return left.period < right.period }
        if left.word != right.word { return left.word.rank < right.word.rank }
        return left.number < right.number
    }
}

extension VoucherNumber: CustomStringConvertible {
    package var description: String { "\(period) \(text)" }
}

extension VoucherWord {
    fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// What a voucher is called until it has a number; references may have gaps (草稿号).
package struct DraftReference: Hashable, Sendable {
    package let number: Int64

    package init(_ number: Int64) {
        self.number = number
    }

    /// `D-000012`.
    package var text: String {
        let digits = String(number)
        return "D-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }
}

extension DraftReference: Comparable {
    package static func < (left: DraftReference, right: DraftReference) -> Bool { left.number < right.number }
}

extension DraftReference: CustomStringConvertible {
    package var description: String { text }
}

/// A voucher with its number: what the books are made of.
package struct PostedVoucher: Hashable, Sendable {
    package let voucher: Voucher
    package let number: VoucherNumber

    package init(_ voucher: Voucher, number: VoucherNumber) {
        self.voucher = voucher
        self.number = number
    }
}

/// Vouchers that are posted together, in the order in which they take their numbers.
package struct PostingBatch: Sendable {
    package struct Entry: Sendable {
        package let voucher: Voucher
        package let reference: DraftReference

        package init(_ voucher: Voucher, reference: DraftReference) {
            self.voucher = voucher
            self.reference = reference
        }
    }

    /// By date, then by draft reference.
    package let entries: [Entry]

    package init(_ entries: some Sequence<Entry>) {
        self.entries = entries.sorted {
            $0.voucher.date == $1.voucher.date ? $0.reference < $1.reference : $0.voucher.date < $1.voucher.date
        }
    }

    /// The vouchers with the numbers they take; `last` tells the last number of a period and word, 0 if none.
    package func numbered(after last: (Period, VoucherWord) -> Int64) -> [PostedVoucher] {
        var counters: [VoucherNumber.Series: Int64] = [:]
        return entries.compactMap { entry in
            let series = VoucherNumber.Series(period: entry.voucher.period, word: entry.voucher.word)
            let number = (counters[series] ?? last(series.period, series.word)) + 1
            counters[series] = number
            return VoucherNumber(period: series.period, word: series.word, number: number)
                .map { PostedVoucher(entry.voucher, number: $0) }
        }
    }
}

extension VoucherNumber {
    /// Within a series numbers have no gap.
    package struct Series: Hashable, Sendable {
        package let period: Period
        package let word: VoucherWord

        package init(period: Period, word: VoucherWord) {
            self.period = period
            self.word = word
        }
    }

    package var series: Series { Series(period: period, word: word) }

    /// The numbers missing between 1 and the highest of a series (断号检查).
    package static func gaps(in numbers: some Sequence<Int64>) -> [ClosedRange<Int64>] {
        var gaps: [ClosedRange<Int64>] = []
        var next: Int64 = 1
        for number in numbers.sorted() where number >= next {
            if number > next { gaps.append(next...(number - 1)) }
            next = number + 1
        }
        return gaps
    }
}
