import Access
import ArgumentParser
import Kernel
import Pipeline
import Storage

/// `pingqiao log …`: the audit trail.
struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "The audit trail.", subcommands: [LogVerify.self]
    )
}

/// `pingqiao log verify [--book B]`
struct LogVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Recompute the log's tree, fold its entries, and compare with everything that is stored.",
        discussion: """
            Prints {"entries", "ok", "root"}; exits with status 6 and names the first difference otherwise.
            Example:
              pingqiao log verify --data DIR --book C01 --json
            """
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var common: CommonOptions
    @Option(help: "Book; all of them without it.") var book: String?

    func run() async throws {
        var isGood = true
        try await common.explaining {
            try await place.withStore { store in
                if let book { try await store.requireBook(Book.ID(book)) }
                var reports: [LogReport] = []
                for one in try await store.books() where book == nil || one.id.text == book {
                    let report = try await LogVerifier(store).verify(one.id)
                    reports.append(report)
                    if let difference = report.difference {
                        Output.message(difference.problem.block(in: common.language))
                    }
                }
                isGood = reports.allSatisfy(\.isIntact)
                Output.data(answer(reports).pretty)
            }
        }
        if !isGood { throw ExitCode(Exit.findings) }
    }

    /// One book's entries and root; of several books their sum and the root over their roots, and each by itself.
    private func answer(_ reports: [LogReport]) -> JSON {
        if reports.count == 1 { return json(reports[0]) }
        return [
            "entries": .integer(reports.reduce(0) { $0 + $1.entries }), "ok": .bool(reports.allSatisfy(\.isIntact)),
            "root": .string(MerkleTree(leaves: reports.map(\.root)).root.hex), "books": .array(reports.map(json)),
        ]
    }

    private func json(_ report: LogReport) -> JSON {
        [
            "book": .string(report.book), "entries": .integer(report.entries), "ok": .bool(report.isIntact),
            "root": .string(report.root.hex), "difference": report.difference?.problem.json ?? .null,
        ]
    }
}
