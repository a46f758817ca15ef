/// Named values in the order in which they were written (上下文).
package struct Context: Sendable, Sequence {
    private var entries: [Entry] = []
    /// Where each name stands; kept only where a search through the entries would be slower.
    private var index: [String: Int] = [:]

    fileprivate struct Entry: Sendable {
        let name: Name
        var value: Value
    }

    private static let searchLimit = 32

    package init() {}

    /// The last of several entries of one name counts.
    package init(_ entries: some Sequence<(String, Value)>) {
        self.entries.reserveCapacity(entries.underestimatedCount)
        for (name, value) in entries { self[Name(name)] = value }
    }

    package var count: Int { entries.count }
    package var isEmpty: Bool { entries.isEmpty }
    package var names: [String] { entries.map(\.name.text) }

    package func makeIterator() -> Iterator { Iterator(entries: entries.makeIterator()) }

    package struct Iterator: IteratorProtocol {
        fileprivate var entries: IndexingIterator<[Entry]>

        package mutating func next() -> (name: String, value: Value)? {
            entries.next().map { ($0.name.text, $0.value) }
        }
    }

    /// The value of a name; setting one replaces it in its place, or adds it at the end.
    package subscript(name: String) -> Value? {
        get { isEmpty ? nil : self[Name(name)] }
        set { self[Name(name)] = newValue }
    }

    package subscript(name: Name) -> Value? {
        get { position(of: name).map { entries[$0].value } }
        set {
            let position = position(of: name)
            if let newValue {
                if let position {
                    entries[position].value = newValue
                } else {
                    entries.append(Entry(name: name, value: newValue))
                    if entries.count > Self.searchLimit { indexEntries(onlyLast: !index.isEmpty) }
                }
            } else if let position {
                entries.remove(at: position)
                index = [:]
                if entries.count > Self.searchLimit { indexEntries(onlyLast: false) }
            }
        }
    }

    private func position(of name: Name) -> Int? {
        guard index.isEmpty else { return index[name.text] }
        for position in entries.indices where entries[position].name == name { return position }
        return nil
    }

    private mutating func indexEntries(onlyLast: Bool) {
        for position in (onlyLast ? entries.count - 1 : 0)..<entries.count {
            index[entries[position].name.text] = position
        }
    }
}

extension Context: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral entries: (String, Value)...) { self.init(entries) }
}
