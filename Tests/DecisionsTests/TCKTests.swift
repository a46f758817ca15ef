import Decisions
import Foundation
import Kernel
import Testing

/// Runs the FEEL cases of the DMN TCK, where its files and a Python to read them are present.
@Suite("DMN TCK")
struct TCKTests {
    /// The share of cases that has to pass.
    private static let goal = 0.98

    @Test("gives the expected values of literal and boxed expressions")
    func expressions() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = root.appending(path: "../shared/corpus/dmn-tck").standardizedFileURL
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/tck_cases.py")
        guard FileManager.default.fileExists(atPath: folder.path),
            let output = Python.run([script.path, folder.path])
        else {
            print("DMN TCK: skipped, corpus or python3 is not present (2581 cases)")
            return
        }
        let cases = try #require(
            try JSON(parsing: output, limits: JSON.Limits(bytes: 64 << 20, depth: 64)).array)
        var passed = 0
        var failed = 0
        var skipped = 0
        let isVerbose = ProcessInfo.processInfo.environment["TCK_VERBOSE"] != nil
        for entry in cases {
            guard entry["skipped"] == nil else {
                skipped += 1
                continue
            }
            if let failure = Self.failure(of: entry) {
                failed += 1
                if isVerbose { print("TCK ✘ \(entry["file"]?.string ?? "") \(entry["id"]?.string ?? ""): \(failure)") }
            } else {
                passed += 1
            }
        }
        print("DMN TCK: \(passed) passed, \(failed) failed, \(skipped) skipped")
        #expect(Double(passed) >= Self.goal * Double(passed + failed))
    }

    /// What went wrong; `nil` if nothing did.
    private static func failure(of entry: JSON) -> String? {
        let surroundings = Surroundings(
            now: DateTime(Timestamp(seconds: 1_700_000_000), offsetSeconds: 0),
            zoneOffset: { name, localSeconds in
                guard let zone = TimeZone(identifier: name), name.contains("/") || name == "UTC" else { return nil }
                let guess = Date(timeIntervalSince1970: TimeInterval(localSeconds))
                let first = zone.secondsFromGMT(for: guess)
                return zone.secondsFromGMT(for: guess.addingTimeInterval(TimeInterval(-first)))
            })
        do {
            var context = Context()
            for input in entry["inputs"]?.array ?? [] {
                context[input[0]?.string ?? ""] = try value(
                    of: input[1]?.string ?? "", Scope(surroundings: surroundings))
            }
            var result = Value.null
            for step in entry["steps"]?.array ?? [] {
                let scope = Scope(context, surroundings: surroundings)
                result = (try? value(of: step[1]?.string ?? "", scope)) ?? .null
                context[step[0]?.string ?? ""] = result
            }
            let expected = try value(of: entry["expected"]?.string ?? "", Scope(surroundings: surroundings))
            if isClose(result, expected) { return nil }
            return "\(entry["steps"]?.array?.last?[1]?.string ?? "") is \(result), expected \(expected)"
        } catch {
            return "\(error)"
        }
    }

    private static func value(of text: String, _ scope: Scope) throws -> Value {
        try Expression(parsing: text, names: scope.names).evaluate(in: scope)
    }

    /// Equal, or equal numbers to eight digits: the expected values of roots and powers are written short.
    private static func isClose(_ value: Value, _ expected: Value) -> Bool {
        switch (value, expected) {
        case (.number(let one), .number(let other)):
            guard let difference = one.subtracting(other)?.magnitude, let scale = Decimal34("1e-8") else {
                return false
            }
            return difference <= (other.magnitude.multiplied(by: scale) ?? .zero) || difference <= scale
        case (.list(let one), .list(let other)):
            return one.count == other.count && zip(one, other).allSatisfy { isClose($0, $1) }
        case (.context(let one), .context(let other)):
            return one.count == other.count
                && one.allSatisfy { entry in other[entry.name].map { isClose(entry.value, $0) } ?? false }
        default:
            return value == expected
        }
    }
}

/// The `python3` of the machine, if it has one.
enum Python {
    static func run(_ arguments: [String]) -> [UInt8]? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        // A file, since reading a pipe while the other process ends may be interrupted.
        let file = FileManager.default.temporaryDirectory.appending(path: "pingqiao-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        guard FileManager.default.createFile(atPath: file.path, contents: nil),
            let output = FileHandle(forWritingAtPath: file.path)
        else { return nil }
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        do { try process.run() } catch { return nil }
        process.waitUntilExit()
        guard process.terminationStatus == 0, let data = FileManager.default.contents(atPath: file.path) else {
            return nil
        }
        return [UInt8](data)
    }
}
