import ArgumentParser
import Foundation
import Kernel
import Ledger
import Rules

/// `pingqiao rule …`: try rule books.
struct RuleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rule", abstract: "Try rule books.", subcommands: [RuleTest.self]
    )
}

/// `pingqiao rule test CASES.yaml`
struct RuleTest: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run worked cases against the rule books that ship with the program.",
        discussion: """
            Prints {"passed", "failed", "cases"}; exits with status 6 when a case failed.
            Example:
              pingqiao rule test posting-cases.yaml --json
            """
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "File of worked cases.") var cases: String

    func run() async throws {
        var failed = 0
        try await common.explaining {
            let files = try ProductFiles.locate()
            guard let text = try? String(contentsOfFile: cases, encoding: .utf8) else {
                throw ProductFilesError.unreadable(cases)
            }
            let result = try runPostingCases(
                text, books: shippedBooks(files),
                charts: [
                    "cas": try Chart(csv: files.text("Charts/chart-of-accounts-cas.csv")),
                    "small": try Chart(csv: files.text("Charts/chart-of-accounts-small.csv")),
                ]
            )
            failed = result["failed"]?.integer ?? 0
            Output.data(result.pretty)
        }
        if failed > 0 { throw ExitCode(Exit.findings) }
    }

    private func shippedBooks(_ files: ProductFiles) throws -> [String: RuleBook] {
        var books: [String: RuleBook] = [:]
        for name in ["cas", "small"] {
            books[name] = try RuleBook(
                yaml: files.text("RuleBooks/\(name).yaml"), file: "\(name).yaml",
                includes: { try files.text("RuleBooks/" + $0) },
                chart: try Chart(csv: files.text("Charts/chart-of-accounts-\(name).csv"))
            )
        }
        return books
    }
}
