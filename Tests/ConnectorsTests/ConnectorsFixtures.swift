import Connectors
import Foundation
import Kernel
import Pipeline

/// Where the tests of this folder find what ships and what the corpus has, and a clock that stands still.
enum ConnectorsFixtures {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let now = Timestamp(seconds: 1_774_074_600)
    static let clock: @Sendable () -> Timestamp = { now }

    static func json(_ path: String) throws -> JSON {
        try JSON(parsing: [UInt8](Data(contentsOf: root.appending(path: path))))
    }

    /// A file of the corpus; `nil`, with a line that says so, where the corpus is absent.
    static func corpus(_ path: String, cases: Int) throws -> JSON? {
        let file = root.appending(path: "../shared/corpus/\(path)")
        guard FileManager.default.fileExists(atPath: file.path) else {
            print("skipped \(cases) cases: corpus/\(path) is not there")
            return nil
        }
        return try JSON(parsing: [UInt8](Data(contentsOf: file)))
    }

    /// Bytes that are no secret: 1, 2, 3, ….
    static func counting(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0 % 255 + 1) } }
}
