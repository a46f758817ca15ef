import DecisionModels
import Decisions
import Foundation
import Kernel
import Testing

/// Runs the DMN TCK through its DMN files, where they are present.
@Suite("DMN TCK")
struct TCKTests {
    /// The share of cases that has to pass.
    private static let goal = 0.98

    @Test("gives the expected results of every kind of decision logic")
    func cases() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = root.appending(path: "../shared/corpus/dmn-tck").standardizedFileURL
        guard FileManager.default.fileExists(atPath: folder.path) else {
            print("DMN TCK: skipped, corpus is not present (2523 cases)")
            return
        }
        let isVerbose = ProcessInfo.processInfo.environment["TCK_VERBOSE"] != nil
        var outcomes: [(folder: String, outcome: TCKOutcome)] = []
        for file in Self.files(below: folder) {
            let tests = try TCKFile(Self.read(file), zoneOffset: Self.surroundings.zoneOffset)
            let siblings = try FileManager.default
                .contentsOfDirectory(at: file.deletingLastPathComponent(), includingPropertiesForKeys: nil)
                .filter { $0.pathExtension == "dmn" }
            let model = try #require(siblings.first { $0.lastPathComponent == tests.model })
            let models = try readDecisionModel(try Self.read(model), others: try siblings.map(Self.read))
            for outcome in runTCK(tests, against: models, surroundings: Self.surroundings) {
                outcomes.append((file.deletingLastPathComponent().lastPathComponent, outcome))
                if isVerbose, !outcome.isPassed {
                    print("TCK ✘ \(outcome.file) \(outcome.id): \(outcome.actual), expected \(outcome.expected)")
                }
            }
            if isVerbose {
                for fault in models.main.faults {
                    print(
                        "TCK fault \(file.lastPathComponent) \(fault.element):\(fault.line) \(fault.problem.cause.en)")
                }
            }
        }
        let report = TCKReport(outcomes)
        print("DMN TCK: \(report.passed) passed, \(report.failed) failed")
        #expect(Double(report.passed) >= Self.goal * Double(report.passed + report.failed))
    }

    private static func files(below folder: URL) -> [URL] {
        let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.allObjects ?? []
        return all.compactMap { $0 as? URL }
            .filter { $0.pathExtension == "xml" && $0.lastPathComponent.contains("-test-") }
            .sorted { $0.path < $1.path }
    }

    private static func read(_ url: URL) throws -> DMNFile {
        DMNFile(name: url.lastPathComponent, bytes: [UInt8](try Data(contentsOf: url)))
    }

    private static let surroundings = Surroundings(
        now: DateTime(Timestamp(seconds: 1_700_000_000), offsetSeconds: 0),
        zoneOffset: { name, localSeconds in
            guard let zone = TimeZone(identifier: name), name.contains("/") || name == "UTC" else { return nil }
            let guess = Date(timeIntervalSince1970: TimeInterval(localSeconds))
            let first = zone.secondsFromGMT(for: guess)
            return zone.secondsFromGMT(for: guess.addingTimeInterval(TimeInterval(-first)))
        })
}
