/// Named values in the order in which they were written (上下文).
package struct Context: Sendable, Sequence {
    private var entries: [(name: String, value: Value)] = []
    /// Where each name stands; kept only where a search through the entries would be slower.
    private var index: [String: Int] = [:]

    private static let searchLimit = 8

    package init() {}

    /// The last of several entries of one name counts.
    package init(_ entries: some Sequence<(String, Value)>) {
        for (name, value) in entries { self[name] = value }
    }

    package var count: Int { entries.count }
    package var isEmpty: Bool { entries.isEmpty }
    package var names: [String] { entries.map(\.name) }

    package func makeIterator() -> IndexingIterator<[(name: String, value: Value)]> { entries.makeIterator() }

    /// The value of a name; setting one replaces it in its place, or adds it at the end.
    package subscript(name: String) -> Value? {
        get { position(of: name).map { entries[$0].value } }
        set {
            let position = position(of: name)
            if let newValue {
                if let position {
                    entries[position].value = newValue
                } else {
                    entries.append((name, newValue))
                    if entries.count > Self.searchLimit { indexEntries(onlyLast: !index.isEmpty) }
                }
            } else if let position {
                entries.remove(at: position)
                index = [:]
                if entries.count > Self.searchLimit { indexEntries(onlyLast: false) }
            }
        }
    }

    private func position(of name: String) -> Int? {
        index.isEmpty ? entries.firstIndex { $0.name == name } : index[name]
    }

    private mutating func indexEntries(onlyLast: Bool) {
        for position in (onlyLast ? entries.count - 1 : 0)..<entries.count { index[entries[position].name] = position }
    }
}

extension Context: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral entries: (String, Value)...) { self.init(entries) }
}
