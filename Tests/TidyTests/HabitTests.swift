import Testing

@Suite("The habits of the house")
struct HabitTests {
    private struct Habit: Sendable {
        let pattern: @Sendable () -> Regex<Substring>
        let hints: [String]
        let instead: String
        /// Files that have a reason, by the end of their path; the reason stands in the file.
        var except: [String] = []
    }

    private static let composition = "pingqiao/Composition.swift"

    /// Files that own a handle of a C library, and nothing else.
    private static let handleFiles: [String] = ["Cryptography/FetchedDigest.swift"]

    /// Files where a fraction is no amount, rate, quantity or tax.
    private static let fractionFiles: [String] = []

    /// Where a piece of a statement comes in as an argument; each was read, and only texts of our own arrive there.
    private static let readStatements: Set<String> = [
        "SQLCases+Lists.swift $0", "SQLVouchers+Reading.swift condition", "SQLVouchers+Reading.swift few",
        "SQLVouchers+Reading.swift fitting",
    ]

    private static let habits: [Habit] = [
        Habit(pattern: { /\btry!/ }, hints: ["try!"], instead: "`try`, and let the caller decide"),
        Habit(pattern: { /\bas!/ }, hints: ["as!"], instead: "a type that makes the cast needless"),
        Habit(
            pattern: { /[\w\)\]\}]!(?![=\w])/ },
            hints: ["!.", "!)", "! ", "!,", "![", "!\n", "!]", "!:"],
            instead: "`guard let`: nothing is unwrapped by force"
        ),
        Habit(
            pattern: { /@unchecked Sendable|nonisolated\(unsafe\)/ },
            hints: ["@unchecked", "nonisolated(unsafe)"],
            instead: "a value, an actor or a Mutex",
            except: handleFiles
        ),
        Habit(
            pattern: {
                /\bDate\(\)|\bDate\.now\b|\b(?:Continuous|Suspending)Clock\(\)/
            },
            hints: ["Date()", "Date.now", "Clock()"],
            instead: "the time that was passed in",
            except: [composition]
        ),
        Habit(
            pattern: { /\b(?:Double|Float|CGFloat)\b/ },
            hints: ["Double", "Float"],
            instead: "`Money`, `Rate` or a whole number of a small unit",
            except: fractionFiles
        ),
        Habit(
            pattern: { /\bTask\.detached\b|\bTask\s*\{/ },
            hints: ["Task.detached", "Task {", "Task{"],
            instead: "a child task of a task group or of a service"
        ),
        Habit(
            pattern: { /\bstatic let (?:shared|instance)\b[^=]*= *[A-Z.]/ },
            hints: ["static let shared", "static let instance"],
            instead: "what is needed, through the initializer"
        ),
        Habit(
            pattern: { /^(?:(?:package|private|fileprivate) )?var \w+.*=/ },
            hints: ["\nvar ", "\npackage var ", "\nprivate var ", "\nfileprivate var "],
            instead: "a value that is passed in"
        ),
        Habit(
            pattern: { /\bDispatchQueue\b|\bDispatchSemaphore\b|\bThread\.sleep\b/ },
            hints: ["Dispatch", "Thread.sleep"],
            instead: "structured concurrency"
        ),
    ]

    private let repository: Repository

    init() throws { repository = try Repository.contents.get() }

    @Test("keep out what hides mistakes")
    func banned() {
        for habit in Self.habits {
            // A literal is compiled each time it is evaluated.
            let pattern = habit.pattern()
            for source in repository.program where !habit.except.contains(where: source.path.hasSuffix) {
                for place in source.places(of: pattern, hints: habit.hints) {
                    Issue.record("\(place): use \(habit.instead)")
                }
            }
        }
    }

    @Test("leave nothing half done in comments")
    func comments() {
        let unfinished = /\b(?:TODO|FIXME|XXX|HACK)\b|\/\/ MARK:/
        for source in repository.program {
            for (number, line) in zip(1..., source.lines) where line.contains(unfinished) {
                Issue.record(
                    "\(source.path):\(number): do it, or write down why it is so; a chapter is a file of its own")
            }
        }
    }

    @Test("keep a file to one topic: 400 lines, unless its first line says it is a table or generated")
    func length() {
        for source in repository.sources {
            let first = source.lines.first?.lowercased() ?? ""
            guard !first.contains("generated"), !first.contains("long table") else { continue }
            #expect(source.lines.count <= 400, "\(source.path): \(source.lines.count) lines; split it by topic")
        }
    }

    @Test("never put a value into SQL text")
    func statements() {
        let words =
            /\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|VALUES|AND|LIKE|CREATE (?:TABLE|INDEX|TRIGGER|UNIQUE)|ALTER TABLE|WHERE|ORDER BY)\b/
        // What makes tables, tells the engines apart or lays out rows is made before any value is known.
        let constant = ["Storage/Migrations/", "Engine/Migration.swift", "Engine/Dialect.swift", "/RowInsert.swift"]
        let storage = repository.program.filter { $0.room == "Storage" }
        // A list of columns that is a constant, or conditions put together from texts of our own.
        let declaration = /\b(?:static let|var) (\w+) =/
        let ours = Set(
            storage.flatMap(\.code).filter { $0.contains(" = ") }.compactMap {
                $0.firstMatch(of: declaration)?.output.1
            }
        )
        for source in storage where !constant.contains(where: source.path.contains) {
            for literal in source.literals where !literal.interpolations.isEmpty && literal.text.contains(words) {
                for expression in literal.interpolations {
                    let isOurs =
                        ours.contains(expression.split(separator: ".").last ?? "")
                        || Self.readStatements.contains("\(source.name) \(expression)")
                    #expect(isOurs, "\(source.path):\(literal.line): bind \(expression) as $1, $2, …")
                }
            }
        }
    }

    @Test("do not wait or sleep in tests")
    func sleeping() {
        // What starts a server for the tests has to wait for it; it stands in TestSupport or a folder Support.
        let sleep = /\bTask\.sleep\b|\busleep\(|\bsleep\(/
        for source in repository.sources
        where source.isTest && source.room != "TidyTests" && source.room != "TestSupport"
            && !source.path.contains("/Support/")
        {
            for place in source.places(of: sleep, hints: ["sleep"]) {
                Issue.record("\(place): wait for what happens, or move the clock")
            }
        }
    }
}

@Suite("SwiftText")
struct SwiftTextTests {
    @Test("tells code from comments and literals, and code inside a literal from its text")
    func reading() {
        let text = SwiftText(
            Array(
                ##"""
                let a = "b! // \(c! + "d!") e" // f!
                /* g! /* h! */ i! */ let j = #"k! \#(l!) \(m!)"#
                """##.utf8)
        )
        #expect(text.code.count == 2)
        #expect(text.code[0].filter { $0 == "!" }.count == 1)
        #expect(text.code[0].contains("c!"))
        #expect(text.code[1].contains("l!") && !text.code[1].contains("m!") && !text.code[1].contains("h!"))
        #expect(text.literals.map(\.text) == ["d!", "b! // ‹› e", #"k! ‹› \(m!)"#])
        #expect(text.literals.map(\.interpolations) == [[], [#"c! + "d!""#], ["l!"]])
    }
}
