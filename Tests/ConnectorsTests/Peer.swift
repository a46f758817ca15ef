import Foundation
import Kernel

/// A third party's Python library as the other side of a test.
enum Peer {
    /// Runs a script that prints JSON; `nil`, with a line that says so, where the library is not there.
    static func run(_ script: String, needing module: String, cases: Int) throws -> JSON? {
        guard let python = interpreters.first(where: { succeeds($0, "import \(module)") }) else {
            let line =
                "skipped \(cases) cases: \(module) is not installed (scripts/setup.sh test; or PINGQIAO_PEER_PYTHON)"
            // Where everything runs, the set-up has to bring the library.
            if ProcessInfo.processInfo.environment["CI"] == "true" { throw Failed(output: line) }
            print(line)
            return nil
        }
        let result = try run(python, script)
        guard result.status == 0 else { throw Failed(output: result.output) }
        return try JSON(parsing: result.output.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    struct Failed: Error {
        let output: String
    }

    private static var interpreters: [String] {
        let named = ProcessInfo.processInfo.environment["PINGQIAO_PEER_PYTHON"]
        let own = ConnectorsFixtures.root.appending(path: ".build-tools/venv/bin/python").path
        return [named, own, "/usr/bin/python3"].compactMap(\.self).filter(FileManager.default.isExecutableFile)
    }

    private static func succeeds(_ python: String, _ script: String) -> Bool {
        (try? run(python, script).status) == 0
    }

    private static func run(_ python: String, _ script: String) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = ["-c", script]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }
}
