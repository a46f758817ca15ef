import Foundation
import Kernel
import Pipeline

/// Where the tests of this folder find what ships and what the corpus has.
enum NormaliseFixtures {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static func json(_ path: String) throws -> JSON {
        try JSON(parsing: [UInt8](Data(contentsOf: root.appending(path: path))))
    }

    static func schema() throws -> DocumentSchema { try DocumentSchema(json("Schemas/document.schema.json")) }
    static func mapping() throws -> JSON { try json("Mappings/dingtalk.json") }

    /// A file of the corpus; `nil`, with a line that says so, where the corpus is absent.
    static func corpus(_ path: String, cases: Int) throws -> JSON? {
        let file = root.appending(path: "../shared/\(path)")
        guard FileManager.default.fileExists(atPath: file.path) else {
            print("skipped \(cases) cases: \(path) is not there")
            return nil
        }
        return try JSON(parsing: [UInt8](Data(contentsOf: file)))
    }
}
