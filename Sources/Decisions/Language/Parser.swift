/// Reads expressions, character by character, since what is a name depends on the names that are known.
struct Parser {
    /// Longer texts are tables or data, not expressions.
    static let lengthLimit = 65_536
    /// How deep parts may lie within parts, links of a chain of operators included.
    static let heightLimit = 120

    let source: String
    let text: [Unicode.Scalar]
    var index = 0
    /// Names that the caller knows.
    let names: Names
    /// Names of entries that the expression itself made.
    var ownNames = Names()
    /// What the surrounding parts of the expression bind, the innermost last.
    var bindings: [Binding] = []
    var slots = 0
    var level = 0
    /// The height of the part just read.
    var height = 0
    /// Whether a `[` may close a range that is being read.
    var isRangeEnd = false
    /// Where the operands of the outermost `and` stand.
    var conjuncts: [Swift.Range<Int>] = []
    /// Whether `?` occurred since this was last cleared.
    var usesInput = false

    enum Binding {
        case local(String, slot: Int)
        case item(slot: Int)
    }

    /// How often one way to read a part was tried in vain; without a bound that could take for ever.
    private var failedAttempts = 0
    private static let failedAttemptLimit = 100

    init(_ source: String, names: Names) throws(FEELError) {
        let length = source.utf8.count
        guard length <= Self.lengthLimit else { throw .tooLong(length: length, limit: Self.lengthLimit) }
        self.source = source
        text = Array(source.unicodeScalars)
        self.names = names
    }

    mutating func bind(_ name: String) {
        bindings.append(.local(name, slot: slots))
        slots += 1
    }

    /// Reads a part with what it binds forgotten afterwards.
    mutating func scoped<Result>(
        _ read: (inout Parser) throws(FEELError) -> Result
    ) throws(FEELError) -> Result {
        let saved = (bindings.count, slots)
        let result = try read(&self)
        bindings.removeLast(bindings.count - saved.0)
        slots = saved.1
        return result
    }

    /// Reads a part that lies one level deeper.
    mutating func nested<Result>(
        _ read: (inout Parser) throws(FEELError) -> Result
    ) throws(FEELError) -> Result {
        guard level < Self.heightLimit else { throw tooDeep() }
        level += 1
        let outer = height
        height = 0
        let result = try read(&self)
        level -= 1
        height = max(outer, height + 1)
        guard height <= Self.heightLimit else { throw tooDeep() }
        return result
    }

    /// Counts one more link of a chain, such as `a + b + c`.
    mutating func linked() throws(FEELError) {
        height += 1
        guard height <= Self.heightLimit else { throw tooDeep() }
    }

    private func tooDeep() -> FEELError {
        let place = place(of: index)
        return .tooDeep(limit: Self.heightLimit, line: place.line, column: place.column, source: source)
    }

    func unexpected(_ expected: FEELError.Expected, at position: Int? = nil) -> FEELError {
        let start = position ?? index
        let place = place(of: start)
        var end = start
        while end < text.count, Spelling.continuesName(text[end]), end < start + 20 { end += 1 }
        let found = start < text.count ? Array(text[start..<max(end, start + 1)]) : []
        return .syntax(
            expected: expected, found: String(String.UnicodeScalarView(found)), line: place.line,
            column: place.column, source: source
        )
    }

    private func place(of index: Int) -> (line: Int, column: Int) {
        let before = text[..<min(index, text.count)]
        let start = before.lastIndex(of: "\n").map { $0 + 1 } ?? 0
        return (before.count { $0 == "\n" } + 1, before.count - start + 1)
    }
}

extension Parser {
    var current: Unicode.Scalar? { index < text.count ? text[index] : nil }

    func scalar(after distance: Int) -> Unicode.Scalar? {
        index + distance < text.count ? text[index + distance] : nil
    }

    mutating func skipSpace() {
        while let scalar = current {
            if Spelling.isSpace(scalar) {
                index += 1
            } else if scalar == "/", self.scalar(after: 1) == "/" {
                while let scalar = current, scalar != "\n" { _ = scalar; index += 1 }
            } else if scalar == "/", self.scalar(after: 1) == "*" {
                index += 2
                while index < text.count, !(text[index] == "*" && self.scalar(after: 1) == "/") { index += 1 }
                index = min(index + 2, text.count)
            } else {
                return
            }
        }
    }

    func looksAt(_ symbol: String) -> Bool {
        var position = index
        for scalar in symbol.unicodeScalars {
            guard position < text.count, text[position] == scalar else { return false }
            position += 1
        }
        return true
    }

    /// Takes a symbol after white space, if it stands there.
    mutating func take(_ symbol: String) -> Bool {
        skipSpace()
        guard looksAt(symbol) else { return false }
        index += symbol.unicodeScalars.count
        return true
    }

    mutating func expect(_ symbol: String) throws(FEELError) {
        guard take(symbol) else { throw unexpected(.symbol(symbol)) }
    }

    /// Takes a word that is not the beginning of a longer one.
    mutating func take(word: String) -> Bool {
        skipSpace()
        guard looksAt(word) else { return false }
        let end = index + word.unicodeScalars.count
        guard end >= text.count || !Spelling.continuesName(text[end]) else { return false }
        index = end
        return true
    }

    mutating func expect(word: String) throws(FEELError) {
        guard take(word: word) else { throw unexpected(.symbol(word)) }
    }

    mutating func expectEnd() throws(FEELError) {
        skipSpace()
        guard index == text.count else { throw unexpected(.end) }
    }

    /// What is read if it can be read; otherwise nothing happened.
    mutating func attempt<Result>(_ read: (inout Parser) throws(FEELError) -> Result) -> Result? {
        guard failedAttempts < Self.failedAttemptLimit else { return nil }
        var copy = self
        guard let result = try? read(&copy) else {
            failedAttempts = copy.failedAttempts + 1
            return nil
        }
        self = copy
        return result
    }
}
