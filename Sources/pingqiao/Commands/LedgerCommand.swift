import ArgumentParser
import Kernel
import Ledger
import Logging
import Pipeline
import Storage

/// `pingqiao ledger …`: read the books.
struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Read the books.",
        subcommands: [LedgerBalances.self, LedgerExportCommand.self]
    )
}

/// `pingqiao ledger balances --book B --period 2026-03`
struct LedgerBalances: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "balances", abstract: "Print the trial balance of a period.",
        discussion: """
            Example:
              pingqiao ledger balances --data DIR --book C01 --period 2026-03 --json
            """
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var common: CommonOptions
    @Option(help: "Book.") var book: String
    @Option(help: "Period, YYYY-MM.") var period: String

    func run() async throws {
        try await common.explaining {
            guard let month = Period(period) else { throw ValidationError("--period is YYYY-MM") }
            let id = Book.ID(book)
            try await place.withStore { store in
                try await store.requireBook(id)
                Output.data(try await store.read(id) { try TrialBalanceReport(month, in: $0).json }.pretty)
            }
        }
    }
}

/// `pingqiao ledger export --book B --format hledger`
struct LedgerExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print the posted vouchers for a plain-text accounting program.",
        discussion: """
            Formats: hledger, beancount, ledger.
            Example:
              pingqiao ledger export --data DIR --book C01 --format hledger | hledger -f - check --strict
            """
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var common: CommonOptions
    @Option(help: "Book.") var book: String
    @Option(help: "hledger, beancount or ledger.") var format: String
    @Option(help: "One period, YYYY-MM; all of them without it.") var period: String?

    func run() async throws {
        try await common.explaining {
            guard let format = LedgerExport.Format(rawValue: format) else {
                throw ValidationError("--format is hledger, beancount or ledger")
            }
            let month = period.flatMap { Period($0) }
            guard (period == nil) == (month == nil) else { throw ValidationError("--period is YYYY-MM") }
            let id = Book.ID(book)
            try await place.withStore { store in
                try await store.requireBook(id)
                Output.data(try await store.read(id) { try LedgerExportReport(format, month, in: $0).text })
            }
        }
    }
}
