import Foundation
import Kernel
import Rules
import Testing

@Suite("The shipped rule books")
struct PostingCasesTests {
    @Test("answer the worked posting cases")
    func workedCases() throws {
        let url = Files.reference.appendingPathComponent("posting-cases.yaml")
        guard let text = try? Files.text(url) else {
            print("skipped: the worked posting cases, \(url.lastPathComponent) is not here")
            return
        }
        try Self.expectAll(text, "posting-cases.yaml")
    }

    @Test("answer the cases made for these tests, on both sides of each border")
    func ownCases() throws {
        try Self.expectAll(Files.text(Files.fixtures.appendingPathComponent("own-cases.yaml")), "own-cases.yaml")
    }

    static func expectAll(_ text: String, _ name: String) throws {
        let (books, charts) = try Files.shipped()
        let result = try runPostingCases(text, books: books, charts: charts)
        print("\(name): \(result["passed"]?.integer ?? 0) passed, \(result["failed"]?.integer ?? 0) failed")
        for item in result["cases"]?.array ?? [] where item["ok"]?.bool == false {
            let id = item["id"]?.string ?? ""
            Issue.record("\(id)\n  expected \(item["expected"]?.text ?? "")\n  actual   \(item["actual"]?.text ?? "")")
        }
    }
}
