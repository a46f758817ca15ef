package import Access
package import Kernel

/// One unit of work while it runs: all it writes is kept together or not at all (工作单元).
///
/// A unit touches one book, whose head row is locked. It may run more than once before it is kept, so it has no effect
/// outside the database. A unit that writes also logs.
package final class Unit {
    package let connection: any SQLConnection
    package let book: String
    /// The unit's own key; a lost answer to COMMIT is looked up by it.
    package let key: String
    package let actor: String
    package let at: Timestamp
    package private(set) var head: BookHead
    private(set) var entries: [LogTable.NewEntry] = []
    private(set) var isHarmlessTwice = false

    init(connection: any SQLConnection, head: BookHead, key: String, actor: String, at: Timestamp) {
        self.connection = connection
        self.head = head
        book = head.book
        self.key = key
        self.actor = actor
        self.at = at
    }

    /// Appends an entry to the book's log.
    ///
    /// It is written at the end of the unit, together with the unit's other entries.
    @discardableResult
    package func log(
        kind: String,
        subject: String,
        body: JSON,
        personal: [PersonalValue] = []
    ) -> LogEntry {
        let entry = LogEntry(
            book: book,
            sequence: head.log.size,
            at: at,
            actor: actor,
            kind: kind,
            subject: subject,
            unit: key,
            body: body,
            personal: personal
        )
        let new = LogTable.NewEntry(entry)
        entries.append(new)
        head.log.append(leaf: new.leaf)
        head.isChanged = true
        return entry
    }

    /// Takes the next number of a counter of the book: 1 first, without gaps, because a unit that fails gives it back.
    package func nextCounter(_ name: String) throws(StoreError) -> Int64 {
        let value = try counter(name) + 1
        head.counters[name] = value
        head.changedCounters.insert(name)
        return value
    }

    /// The number that a counter gave last; 0 before the first.
    package func counter(_ name: String) throws(StoreError) -> Int64 {
        if let value = head.counters[name] { return value }
        let row = try connection.row(
            "SELECT value FROM book_counters WHERE book_id = $1 AND name = $2",
            [.text(book), .text(name)]
        )
        let value = try row?.integer(0) ?? 0
        head.counters[name] = value
        return value
    }

    /// Marks that something changed which other units read and re-check; gives its new version.
    @discardableResult
    package func raiseVersion(of name: String) -> Int64 {
        let version = head.version(of: name) + 1
        head.versions[name] = version
        head.isChanged = true
        return version
    }

    /// Whether a unit with this key was kept before.
    package func isRepeat() throws(StoreError) -> Bool {
        try LogTable.contains(unit: key, of: book, on: connection)
    }

    /// Says that running this unit a second time changes nothing more, so that it need not log.
    ///
    /// For housekeeping such as a lease: if the answer to its COMMIT is lost, it simply runs again.
    package func allowRepeat() {
        isHarmlessTwice = true
    }

    /// Writes the entries. Called once, when the unit's work is done.
    func finish() throws(StoreError) {
        guard !entries.isEmpty else { return }
        try LogTable.append(entries, on: connection)
    }
}
