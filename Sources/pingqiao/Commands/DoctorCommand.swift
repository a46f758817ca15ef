import ArgumentParser
import Foundation
import Kernel
import Pipeline
import Storage

/// `pingqiao doctor`: what is missing or wrong on this machine, and the fix.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Say what is missing or wrong on this machine, and how to fix it.",
        discussion: "Exits with status 6 when something is."
    )

    @OptionGroup var place: PlaceOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        var findings: [Problem] = []
        var good: [Phrase] = []
        do {
            let files = try ProductFiles.locate()
            for path in [
                "RuleBooks/cas.yaml", "Charts/chart-of-accounts-cas.csv", "Schemas/document.schema.json",
                "Web/style.css",
            ] {
                _ = try files.text(path)
            }
            good.append(Phrase(zh: "程序文件齐全", en: "the program's files are there"))
        } catch let error as any Explainable {
            findings.append(error.problem)
        }
        if place.data != nil || place.config != nil {
            do {
                try await place.withStore { store in
                    let books = try await store.books().count
                    good.append(Phrase(zh: "存储可用，\(books) 个账套", en: "the store opens, \(books) books"))
                }
            } catch let error as any Explainable {
                findings.append(error.problem)
            }
        }
        for phrase in good { Output.message("✓ " + phrase.text(in: common.language)) }
        if common.json { Output.data(JSON.object([("findings", .array(findings.map(\.json)))]).pretty) }
        for finding in findings where !common.json { Output.message("✖ " + finding.block(in: common.language)) }
        if !findings.isEmpty { throw ExitCode(Exit.findings) }
    }
}
