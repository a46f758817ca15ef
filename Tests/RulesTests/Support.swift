import Foundation
import Kernel
import Ledger
import Rules

/// Where the files the tests read are.
enum Files {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let books = root.appendingPathComponent("RuleBooks")
    static let fixtures = root.appendingPathComponent("Tests/RulesTests/Fixtures")
    static let reference = root.deletingLastPathComponent().appendingPathComponent("shared/reference")

    static func text(_ url: URL) throws -> String { try String(contentsOf: url, encoding: .utf8) }

    static func chart(_ standard: String) throws -> Chart {
        try Chart(csv: text(fixtures.appendingPathComponent("chart-\(standard).csv")))
    }

    /// A book that ships with the product, checked against its chart.
    static func book(_ standard: String) throws -> RuleBook {
        try RuleBook(
            yaml: text(books.appendingPathComponent("\(standard).yaml")), file: "\(standard).yaml",
            includes: { try text(books.appendingPathComponent($0)) }, chart: chart(standard))
    }

    static func shipped() throws -> (books: [String: RuleBook], charts: [String: Chart]) {
        (
            ["cas": try book("cas"), "small": try book("small")],
            ["cas": try chart("cas"), "small": try chart("small")]
        )
    }
}
