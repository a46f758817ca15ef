import Dispatch
import Kernel
import Storage
import Synchronization

/// Holds a writer thread until a test opens it.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    private let entered = Atomic(false)

    /// Called on the writer thread.
    func pass() {
        entered.store(true, ordering: .releasing)
        semaphore.wait()
        semaphore.signal()
    }

    func open() { semaphore.signal() }

    /// Returns when somebody stands at the gate.
    func isReached() async {
        while !entered.load(ordering: .acquiring) { await Task.yield() }
    }
}

/// Counts from any thread.
final class Tally: Sendable {
    private let held = Atomic(0)

    var count: Int { held.load(ordering: .acquiring) }

    @discardableResult
    func add() -> Int { held.add(1, ordering: .acquiringAndReleasing).newValue }
}

extension Store {
    /// Returns when so many units wait.
    func hasWaiting(_ count: Int) async {
        while metrics.waiting != count { await Task.yield() }
    }

    /// Commits a unit that logs and does what the closure does.
    @discardableResult
    func commit<Answer: Sendable>(
        _ key: String,
        book: String = "B1",
        _ work: @escaping @Sendable (Unit) throws -> Answer
    ) async throws -> Answer {
        try await commit(book: book, key: key, actor: "tester", at: .test) { unit in
            unit.log(kind: "test.done", subject: "test:\(key)", body: ["key": .string(key)])
            return try work(unit)
        }
    }

    func integers(_ sql: String, _ arguments: [SQLValue] = []) async throws -> [Int64] {
        try await read { connection in try connection.rows(sql, arguments).map { try $0.integer(0) } }
    }
}

extension Migration {
    /// The first migration and a few tables to write to.
    static let withTestTables: [Migration] = [
        .m001Log,
        Migration(
            version: 2,
            name: "test tables",
            statements: [
                .portable(
                    """
                    CREATE TABLE things (
                        book_id TEXT NOT NULL,
                        thing_id BIGINT NOT NULL,
                        label TEXT NOT NULL,
                        amount BIGINT CONSTRAINT things_amount CHECK (amount <> 13),
                        picture BYTES,
                        is_open SMALLINT NOT NULL DEFAULT 1 CHECK (is_open IN (0, 1)),
                        PRIMARY KEY (book_id, thing_id),
                        UNIQUE (book_id, label)
                    )
                    """
                ),
                .keyed(
                    """
                    CREATE TABLE parts (
                        book_id TEXT NOT NULL,
                        part_id BIGINT NOT NULL,
                        thing_id BIGINT NOT NULL,
                        PRIMARY KEY (book_id, part_id),
                        FOREIGN KEY (book_id, thing_id) REFERENCES things (book_id, thing_id)
                    )
                    """
                ),
            ]
        ),
    ]
}

extension Unit {
    func addThing(_ id: Int, _ label: String = "", amount: Int64 = 0) throws {
        try connection.execute(
            "INSERT INTO things (book_id, thing_id, label, amount) VALUES ($1, $2, $3, $4)",
            [.text(book), .int(id), .text(label.isEmpty ? "thing \(id)" : label), .integer(amount)]
        )
    }
}
