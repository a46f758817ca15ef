import ArgumentParser
import DecisionModels
import Decisions
import Foundation
import Kernel

/// `pingqiao decision …`: evaluate decision models.
struct DecisionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decision", abstract: "Evaluate decision models (DMN 1.1 to 1.5).",
        subcommands: [DecisionRun.self, DecisionTCK.self]
    )
}

/// `pingqiao decision run MODEL.dmn --input FILE.json`
struct DecisionRun: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Evaluate decisions of a model.",
        discussion: """
            Prints {"results"}, by decision. The input is one JSON object, by input data; models that are imported lie
            in the same folder. Logic that cannot be read is null; it and objections of tables go to standard error,
            with status 6.
            Example:
              pingqiao decision run loan.dmn --input applicant.json --decision Approval
            """
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "File of the model.") var model: String
    @Option(help: "File of the input, JSON; - for standard input.") var input: String
    @Option(help: "A decision or decision service; all decisions without it.") var decision: [String] = []

    func run() async throws {
        var problems: [Problem] = []
        try await common.explaining {
            let models = try ModelFiles.read(model)
            let inputs = models.inputs(try JSON(parsing: ModelFiles.input(input)))
            problems = models.main.faults.map(\.problem)
            var results: [JSON.Member] = []
            for name in decision.isEmpty ? models.decisions : decision {
                let answer = try models.evaluate(name, inputs: inputs, surroundings: ModelFiles.surroundings)
                results.append(JSON.Member(name, answer.value.json))
                problems += answer.objections.map(\.problem)
            }
            Output.data(JSON.object([("results", .object(results))]).pretty)
        }
        for problem in problems { Output.message(problem.block(in: common.language)) }
        if !problems.isEmpty { throw ExitCode(Exit.findings) }
    }
}

/// `pingqiao decision tck DIR`
struct DecisionTCK: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tck", abstract: "Run the test cases of the DMN Technology Compatibility Kit below a folder.",
        discussion: """
            Prints {"passed", "failed", "cases"}; exits with status 6 when one failed.
            Example:
              pingqiao decision tck dmn-tck/TestCases --report docs/decisions-conformance.md
            """
    )

    @OptionGroup var common: CommonOptions
    @Argument(help: "Folder of the kit.") var folder: String
    @Option(help: "Also write a page with the counts of each folder.") var report: String?

    func run() async throws {
        var failed = 0
        try await common.explaining {
            var outcomes: [(folder: String, outcome: TCKOutcome)] = []
            for path in try ModelFiles.testCases(below: folder) {
                let url = URL(filePath: folder).appending(path: path)
                let tests: TCKFile
                do throws(DMNError) {
                    tests = try TCKFile(try ModelFiles.file(url), zoneOffset: ModelFiles.surroundings.zoneOffset)
                } catch .notTCK {
                    continue
                }
                let parent = path.split(separator: "/").dropLast().joined(separator: "/")
                let model = url.deletingLastPathComponent().appending(path: tests.model)
                let models = try ModelFiles.read(model.path)
                for outcome in runTCK(tests, against: models, surroundings: ModelFiles.surroundings) {
                    outcomes.append((parent, outcome))
                }
            }
            let summary = TCKReport(outcomes)
            failed = summary.failed
            if let report { try Data(summary.page.utf8).write(to: URL(filePath: report)) }
            Output.data(summary.json.pretty)
        }
        if failed > 0 { throw ExitCode(Exit.findings) }
    }
}

/// The files of decision models on disk.
private enum ModelFiles {
    /// What expressions may know: the zones of the system, and the time.
    static var surroundings: Surroundings {
        Surroundings(now: DateTime(Composition.systemClock(), offsetSeconds: 0), zoneOffset: zoneOffset)
    }

    private static let zoneOffset: Surroundings.ZoneOffset = { name, localSeconds in
        // Abbreviations such as CST have several meanings.
        guard name.contains("/") || name == "UTC", let zone = TimeZone(identifier: name) else { return nil }
        let guess = Date(timeIntervalSince1970: TimeInterval(localSeconds))
        let first = zone.secondsFromGMT(for: guess)
        return zone.secondsFromGMT(for: guess.addingTimeInterval(TimeInterval(-first)))
    }

    static func read(_ path: String) throws -> ModelSet {
        let url = URL(filePath: path)
        let folder = url.deletingLastPathComponent()
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let others = try names.filter { $0.hasSuffix(".dmn") && $0 != url.lastPathComponent }.sorted()
            .map { try file(folder.appending(path: $0)) }
        return try readDecisionModel(try file(url), others: others)
    }

    static func file(_ url: URL) throws(DMNError) -> DMNFile {
        guard let data = FileManager.default.contents(atPath: url.path) else {
            throw .missingModel(file: url.lastPathComponent, model: url.path)
        }
        return DMNFile(name: url.lastPathComponent, bytes: [UInt8](data))
    }

    static func input(_ path: String) throws -> [UInt8] {
        if path == "-" { return [UInt8](FileHandle.standardInput.readDataToEndOfFile()) }
        guard let data = FileManager.default.contents(atPath: path) else { throw ProductFilesError.unreadable(path) }
        return [UInt8](data)
    }

    /// The paths of XML files below a folder, in order.
    static func testCases(below folder: String) throws -> [String] {
        guard let all = FileManager.default.enumerator(atPath: folder) else {
            throw ProductFilesError.unreadable(folder)
        }
        return all.allObjects.compactMap { $0 as? String }.filter { $0.hasSuffix(".xml") }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
