import Decisions
import Kernel

/// Looks for overlaps and gaps in a decision table by trying every kind of value its cells tell apart.
///
/// Cells of texts, truth values, numbers and number ranges are understood; any other cell may or may not fit, so it
/// neither makes an overlap nor a gap.
struct TableProbe {
    static let combinationLimit = 20_000

    enum Fit {
        case yes
        case no
        case maybe
    }

    /// What a cell accepts, as far as it can be told from its text.
    enum Domain {
        case anything
        case texts(Set<String>, isNegated: Bool)
        case truths(Set<Bool>)
        case ranges([Bounds])
        case unknown
    }

    struct Bounds {
        let low: Decimal34?
        let includesLow: Bool
        let high: Decimal34?
        let includesHigh: Bool
    }

    enum Sample {
        case text(String)
        case otherText
        case truth(Bool)
        case number(Decimal34)
        case something

        var display: String {
            switch self {
            case .text(let text): "\"\(text)\""
            case .otherText, .something: "…"
            case .truth(let value): value ? "true" : "false"
            case .number(let number): number.text
            }
        }
    }

    let rows: [[Domain]]
    let samples: [[Sample]]

    init(_ rows: [[String]]) {
        self.rows = rows.map { $0.map(Self.domain) }
        let width = rows.first?.count ?? 0
        let domains = self.rows
        samples = (0..<width).map { column in Self.samples(domains.map { $0[column] }) }
    }

    /// The first combination that two rows take, and the first that no row takes.
    func find() -> (overlap: (rows: (Int, Int), values: [String])?, gap: [String]?) {
        var overlap: (rows: (Int, Int), values: [String])?
        var gap: [String]?
        let count = samples.reduce(1) { $0 > Self.combinationLimit ? $0 : $0 * max($1.count, 1) }
        guard !samples.isEmpty, !rows.isEmpty, count <= Self.combinationLimit else { return (nil, nil) }
        for number in 0..<count {
            var rest = number
            let combination = samples.map { column -> Sample in
                defer { rest /= max(column.count, 1) }
                return column.isEmpty ? .something : column[rest % column.count]
            }
            var sure: [Int] = []
            var isPossible = false
            for (index, row) in rows.enumerated() {
                switch Self.fit(row, combination) {
                case .yes: sure.append(index)
                case .maybe: isPossible = true
                case .no: break
                }
            }
            if sure.count > 1, overlap == nil { overlap = ((sure[0] + 1, sure[1] + 1), combination.map(\.display)) }
            if sure.isEmpty, !isPossible, gap == nil { gap = combination.map(\.display) }
            if overlap != nil, gap != nil { break }
        }
        return (overlap, gap)
    }

    private static func fit(_ row: [Domain], _ values: [Sample]) -> Fit {
        var result = Fit.yes
        for (domain, value) in zip(row, values) {
            switch fit(domain, value) {
            case .no: return .no
            case .maybe: result = .maybe
            case .yes: break
            }
        }
        return result
    }

    private static func fit(_ domain: Domain, _ value: Sample) -> Fit {
        switch (domain, value) {
        case (.anything, _): .yes
        case (.unknown, _): .maybe
        case (.texts(let texts, let isNegated), .text(let text)): texts.contains(text) != isNegated ? .yes : .no
        case (.texts(_, let isNegated), .otherText): isNegated ? .yes : .no
        case (.truths(let truths), .truth(let truth)): truths.contains(truth) ? .yes : .no
        case (.ranges(let ranges), .number(let number)): ranges.contains { $0.contains(number) } ? .yes : .no
        case (.texts, _), (.truths, _), (.ranges, _): .no
        }
    }

    private static func samples(_ domains: [Domain]) -> [Sample] {
        var texts: [String] = []
        var truths = false
        var numbers: [Decimal34] = []
        for domain in domains {
            switch domain {
            case .texts(let set, _): texts += set.sorted().filter { !texts.contains($0) }
            case .truths: truths = true
            case .ranges(let ranges): numbers += ranges.flatMap { [$0.low, $0.high].compactMap { $0 } }
            case .anything, .unknown: break
            }
        }
        var samples: [Sample] = texts.map(Sample.text)
        if !texts.isEmpty { samples.append(.otherText) }
        if truths { samples += [.truth(true), .truth(false)] }
        if !numbers.isEmpty { samples += Self.between(numbers).map(Sample.number) }
        return samples.isEmpty ? [.something] : samples
    }

    /// Every bound, a number between each two, and one beyond each end.
    private static func between(_ numbers: [Decimal34]) -> [Decimal34] {
        let sorted = Set(numbers).sorted()
        guard let first = sorted.first, let last = sorted.last else { return [] }
        var result: [Decimal34] = [first.subtracting(1) ?? first]
        for (index, number) in sorted.enumerated() {
            result.append(number)
            if index + 1 < sorted.count, let middle = number.adding(sorted[index + 1])?.divided(by: 2) {
                result.append(middle)
            }
        }
        result.append(last.adding(1) ?? last)
        return result
    }

    static func domain(_ cell: String) -> Domain {
        if cell == "-" || cell.isEmpty { return .anything }
        if cell.hasPrefix("not("), cell.hasSuffix(")") {
            guard let texts = self.texts(String(cell.dropFirst(4).dropLast())) else { return .unknown }
            return .texts(texts, isNegated: true)
        }
        if let texts = self.texts(cell) { return .texts(texts, isNegated: false) }
        if cell == "true" || cell == "false" { return .truths([cell == "true"]) }
        var ranges: [Bounds] = []
        for part in cell.split(separator: ",") {
            guard let range = Bounds(String(part)) else { return .unknown }
            ranges.append(range)
        }
        return .ranges(ranges)
    }

    private static func texts(_ cell: String) -> Set<String>? {
        var texts: Set<String> = []
        for part in cell.split(separator: ",") {
            let text = part.trimmed
            guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\""),
                !text.dropFirst().dropLast().contains("\"")
            else { return nil }
            texts.insert(String(text.dropFirst().dropLast()))
        }
        return texts
    }
}

extension TableProbe.Bounds {
    /// Reads `5`, `< 5`, `>= 5`, `[1..3]` and `(1..3]`; `nil` if the text is anything else.
    init?(_ part: String) {
        let text = part.trimmed
        for (sign, isLow, isIncluded) in [
            ("<=", false, true), (">=", true, true), ("<", false, false), (">", true, false),
        ]
        where text.hasPrefix(sign) {
            guard let number = Decimal34(text.dropFirst(sign.count).trimmed) else { return nil }
            self.init(
                low: isLow ? number : nil, includesLow: isIncluded, high: isLow ? nil : number, includesHigh: isIncluded
            )
            return
        }
        if let first = text.first, let last = text.last, "[(]".contains(first), "])[".contains(last) {
            let ends = text.dropFirst().dropLast().split(separator: ".", omittingEmptySubsequences: false)
            let joined = ends.joined(separator: ".")
            guard let gap = joined.firstRange(of: ".."), let low = Decimal34(joined[..<gap.lowerBound].trimmed),
                let high = Decimal34(joined[gap.upperBound...].trimmed)
            else { return nil }
            self.init(low: low, includesLow: first == "[", high: high, includesHigh: last == "]")
            return
        }
        guard let number = Decimal34(text) else { return nil }
        self.init(low: number, includesLow: true, high: number, includesHigh: true)
    }

    func contains(_ number: Decimal34) -> Bool {
        if let low, number < low || (number == low && !includesLow) { return false }
        if let high, high < number || (number == high && !includesHigh) { return false }
        return true
    }
}

extension StringProtocol {
    fileprivate var trimmed: String {
        var part = self[startIndex..<endIndex]
        while part.first == " " { part = part.dropFirst() }
        while part.last == " " { part = part.dropLast() }
        return String(part)
    }
}
