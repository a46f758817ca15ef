import Kernel
import Storage
import TestSupport
import Testing

@Suite("SQL connection")
struct SQLTests {
    @Test("binds parameters by their numbers", arguments: Engine.available)
    func numbers(engine: Engine) async throws {
        try await withStore(engine) { store, _ in
            let row = try await store.read { connection in
                try connection.row(
                    """
                    SELECT CAST($2 AS TEXT), CAST($1 AS BIGINT), CAST($2 AS TEXT), 'it is $3, "$4"', CAST($11 AS TEXT),
                        $3 || $4 || $5 || $6 || $7 || $8 || $9 || $10
                    """,
                    [1, "two", "c", "d", "e", "f", "g", "h", "i", "j", "eleven"]
                )
            }
            #expect(row?.values == ["two", 1, "two", #"it is $3, "$4""#, "eleven", "cdefghij"])
        }
    }

    @Test(
        "answers each list of arguments with its own rows, however many are under way",
        arguments: Engine.available, [0, 1, 249, 250, 251, 499, 500, 501, 1_200]
    )
    func each(engine: Engine, count: Int) async throws {
        try await withStore(engine) { store, _ in
            let answers = try await store.read { connection in
                try connection.rows("SELECT CAST($1 AS BIGINT)", each: (0..<count).map { [.integer(Int64($0))] })
                    .map { try $0.map { try $0.integer(0) } }
            }
            #expect(answers == (0..<count).map { [Int64($0)] })
        }
    }

    @Test("a call that waits gets its own answer after any number that did not", arguments: Engine.available)
    func waitsAmongMany(engine: Engine) async throws {
        try await withStore(engine, migrations: Migration.withTestTables) { store, _ in
            let changes = try await store.commit("many") { unit -> [Int] in
                var changes: [Int] = []
                for number in 1...1_010 {
                    let sql =
                        "INSERT INTO things (book_id, thing_id, label, is_open) VALUES ('B1', $1, $2, 1)"
                    if number > 490 && number < 510 {
                        changes.append(try unit.connection.execute(sql, [.integer(Int64(number)), .text("\(number)")]))
                    } else {
                        try unit.connection.send(sql, [.integer(Int64(number)), .text("\(number)")], changing: 1)
                    }
                }
                unit.allowRepeat()
                return changes
            }
            #expect(changes == [Int](repeating: 1, count: 19))
        }
    }

    @Test("refuses another number of arguments than parameters", arguments: Engine.available)
    func count(engine: Engine) async throws {
        try await withStore(engine) { store, _ in
            for arguments in [[], [1, 2]] as [[SQLValue]] {
                do {
                    _ = try await store.read { try $0.rows("SELECT CAST($1 AS BIGINT)", arguments) }
                    Issue.record("it took \(arguments.count)")
                } catch StoreError.misused {}
            }
            #expect(try await store.integers("SELECT CAST($1 AS BIGINT)", [7]) == [7])
        }
    }

    @Test("gives back what was stored", arguments: Engine.available)
    func values(engine: Engine) async throws {
        try await withStore(engine, migrations: Migration.withTestTables) { store, _ in
            let rows: [[SQLValue]] = [
                [1, "报销差旅费 张三 🚄", .integer(.max), .bytes([0, 1, 255]), 0],
                [2, "it's \"quoted\" \\ $1", .integer(.min), .bytes([]), 1],
                [3, "\u{1}\t\n", nil, nil, 1],
                [4, "a\u{301}", 0, .bytes(Array(repeating: 9, count: 200_000)), 0],
            ]
            try await store.commit("u1") { unit in
                for row in rows {
                    try unit.connection.execute(
                        """
                        INSERT INTO things (book_id, thing_id, label, amount, picture, is_open)
                        VALUES ('B1', $1, $2, $3, $4, $5)
                        """,
                        row
                    )
                }
            }
            let found = try await store.read { connection in
                try connection.rows(
                    "SELECT thing_id, label, amount, picture, is_open FROM things WHERE book_id = $1 ORDER BY thing_id",
                    ["B1"]
                )
            }
            #expect(found.map(\.values) == rows)
            #expect(try found.map { try $0.flag("is_open") } == [false, true, true, false])
            #expect(try found[2].optionalInteger("amount") == nil)
            #expect(throws: StoreError.corrupt(place: "amount", reason: "expected an integer, found null")) {
                try found[2].integer("amount")
            }
            #expect(throws: StoreError.self) { try found[0].text("thing_id") }
            #expect(throws: StoreError.self) { try found[0].text("nothing") }
            #expect(throws: StoreError.self) { try found[0].flag("amount") }
        }
    }

    @Test("tells how many rows it changed", arguments: Engine.available)
    func changes(engine: Engine) async throws {
        try await withStore(engine, migrations: Migration.withTestTables) { store, _ in
            let counts = try await store.commit("u1") { unit in
                for id in 1...3 { try unit.addThing(id) }
                return [
                    try unit.connection.execute("UPDATE things SET amount = 1 WHERE thing_id > $1", [1]),
                    try unit.connection.execute("UPDATE things SET amount = 1 WHERE thing_id > $1", [9]),
                    try unit.connection.execute(
                        """
                        INSERT INTO things (book_id, thing_id, label) VALUES ('B1', 1, 'x')
                        ON CONFLICT (book_id, thing_id) DO NOTHING
                        """,
                        []
                    ),
                    try unit.connection.rows("DELETE FROM things WHERE thing_id < $1 RETURNING thing_id", [3]).count,
                ]
            }
            #expect(counts == [2, 0, 0, 2])
        }
    }

    struct Refused: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let sql: String
        let expected: StoreError

        init(_ name: String, _ sql: String, _ expected: StoreError) {
            testDescription = name
            self.sql = sql
            self.expected = expected
        }
    }

    static let refusals = [
        Refused(
            "a key twice", "INSERT INTO things (book_id, thing_id, label) VALUES ('B1', 1, 'new')",
            .conflict(table: "things", detail: "")),
        Refused(
            "a unique key twice", "INSERT INTO things (book_id, thing_id, label) VALUES ('B1', 2, 'thing 1')",
            .conflict(table: "things", detail: "")),
        Refused(
            "a broken check", "UPDATE things SET amount = 13",
            .refused(.check, rule: "things_amount", detail: "")),
        Refused(
            "a parent that is missing", "INSERT INTO parts (book_id, part_id, thing_id) VALUES ('B1', 1, 99)",
            .refused(.foreignKey, rule: "foreign_key", detail: "")),
        Refused(
            "no value where one must be", "INSERT INTO things (book_id, thing_id, label) VALUES ('B1', 2, NULL)",
            .refused(.notNull, rule: "things.label", detail: "")),
        Refused(
            "a change of a log entry", "UPDATE log_entries SET actor = 'x'",
            .refused(.guardTrigger, rule: "log_entries.insert_only", detail: "")),
        Refused(
            "the removal of a log entry", "DELETE FROM log_entries WHERE book_id = 'B1'",
            .refused(.guardTrigger, rule: "log_entries.insert_only", detail: "")),
        Refused(
            "a statement that is none", "SELEKT 1",
            .misused(statement: "SELEKT 1", reason: "")),
        Refused(
            "a table that is none", "DELETE FROM nothing",
            .misused(statement: "DELETE FROM nothing", reason: "")),
    ]

    @Test("refuses alike on both engines", arguments: Engine.available, refusals)
    func refuses(engine: Engine, refused: Refused) async throws {
        try await withStore(engine, migrations: Migration.withTestTables) { store, _ in
            try await store.commit("u1") { try $0.addThing(1) }
            await #expect(throws: refused.expected) {
                do {
                    try await store.commit("u2") { unit in try unit.connection.execute(refused.sql, []) }
                } catch let error as StoreError {
                    throw error.withoutDetail
                }
            }
            try await store.commit("u3") { try $0.addThing(3) }
            #expect(try await store.integers("SELECT log_size FROM book_heads") == [2])
        }
    }

    @Test("refuses text with NUL and numbers beyond 64 bits", arguments: Engine.available)
    func refusesValues(engine: Engine) async throws {
        try await withStore(engine, migrations: Migration.withTestTables) { store, _ in
            try await store.commit("u1") { unit in try unit.addThing(1, amount: .max) }
            for (sql, argument) in [
                ("UPDATE things SET label = $1", "a\0b"), ("UPDATE things SET amount = amount + CAST($1 AS BIGINT)", 1),
                ("UPDATE things SET amount = $1", "no number"),
            ] as [(String, SQLValue)] {
                do {
                    try await store.commit("u2") { unit in try unit.connection.execute(sql, [argument]) }
                    Issue.record("\(sql) was taken")
                } catch StoreError.refused(.value, _, _) {}
            }
        }
    }

    @Test("SQLite refuses the replacement of a row that is for ever")
    func replace() async throws {
        try await withStore(.sqlite) { store, _ in
            try await store.commit("u1") { _ in }
            do {
                try await store.commit("u2") { unit in
                    try unit.connection.execute(
                        """
                        INSERT OR REPLACE INTO log_entries
                        SELECT book_id, seq, at, 'somebody', kind, subject, unit_key, body, leaf FROM log_entries
                        """,
                        []
                    )
                }
                Issue.record("it was replaced")
            } catch StoreError.refused(.guardTrigger, _, _) {}
        }
    }

    @Test("reads a list of rows as a table", arguments: Engine.available)
    func rowSource(engine: Engine) async throws {
        try await withStore(engine, migrations: Migration.withTestTables) { store, _ in
            let rows: [[SQLValue]] = [
                [1, "plain", .integer(.max)], [2, #"a "b" \ {c}, 'd' 中"#, nil], [3, "\u{1f}\n\t", .integer(.min)],
            ]
            try await store.commit("u1") { unit in
                let source = RowSource(
                    [.integer("thing_id"), .text("label"), .integer("amount")],
                    from: 2,
                    in: unit.connection.dialect
                )
                try unit.connection.execute(
                    """
                    INSERT INTO things (book_id, thing_id, label, amount)
                    SELECT $1, thing_id, label, amount FROM (\(source.sql)) AS source WHERE true
                    """,
                    ["B1"] + source.arguments(rows)
                )
            }
            let found = try await store.read { connection in
                try connection.rows("SELECT thing_id, label, amount FROM things ORDER BY thing_id", []).map(\.values)
            }
            #expect(found == rows)
        }
    }

    @Test("finds a unit and a subject in the log by an index", arguments: Engine.available)
    func plans(engine: Engine) async throws {
        try await withStore(engine) { store, _ in
            for (sql, index) in [
                ("SELECT 1 FROM log_entries WHERE book_id = 'B' AND unit_key = 'u' LIMIT 1", "log_entries_unit"),
                (
                    "SELECT seq FROM log_entries WHERE book_id = 'B' AND subject = 's' ORDER BY seq LIMIT 9",
                    "log_entries_subject"
                ),
            ] {
                let plan = try await store.read { connection in
                    let explain = connection.dialect == .sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN "
                    return try connection.rows(explain + sql, []).flatMap(\.values).map { "\($0)" }.joined(
                        separator: " ")
                }
                #expect(plan.contains(index), "\(plan)")
            }
        }
    }
}

extension StoreError {
    /// The same error without what each engine says in its own words.
    fileprivate var withoutDetail: StoreError {
        switch self {
        case .conflict(let table, _): .conflict(table: table, detail: "")
        case .refused(let kind, let rule, _): .refused(kind, rule: rule, detail: "")
        case .misused(let statement, _): .misused(statement: statement, reason: "")
        default: self
        }
    }
}
