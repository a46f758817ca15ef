import ArgumentParser
import Foundation
import Kernel

/// Exit codes every command keeps to (ux-guide, section 8).
enum Exit {
    static let notFound: Int32 = 3
    static let refused: Int32 = 4
    static let conflict: Int32 = 5
    static let findings: Int32 = 6
    static let unavailable: Int32 = 7
}

/// What commands write: data on standard output, everything else on standard error.
enum Output {
    static func data(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    static func message(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}

/// Options that several commands share.
struct CommonOptions: ParsableArguments {
    @Flag(help: "Print one JSON document.")
    var json = false

    @Option(help: "Language of messages: zh or en.")
    var lang: String = "zh"

    var language: Language { Language(rawValue: lang) ?? .zh }

    /// Runs a command's body; an error that explains itself is printed as its problem and ends with `code`.
    func explaining(_ work: () async throws -> Void) async throws {
        do {
            try await work()
        } catch let error as any Explainable {
            if json {
                Output.data(JSON.object([("error", error.problem.json)]).pretty)
            } else {
                Output.message(error.problem.block(in: language))
            }
            throw ExitCode(code(of: error.problem.code))
        }
    }

    private func code(of problem: String) -> Int32 {
        switch problem.split(separator: ".").first {
        case "access": Exit.refused
        case "store", "connector": Exit.unavailable
        default: problem.hasSuffix(".unknown") ? Exit.notFound : Exit.conflict
        }
    }
}
