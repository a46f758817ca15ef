import Foundation

/// The files of this repository, as the tidy tests read them.
struct Repository: Sendable {
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath().appending(path: "../../..").standardizedFileURL

    struct Source: Sendable {
        /// From the root: `Sources/Kernel/Money.swift`.
        let path: String
        /// `Kernel`, `KernelTests`.
        let room: String
        let lines: [String]
        let code: [String]
        /// All of `code` as bytes with a NUL behind them, to see at once whether a text occurs at all.
        let bytes: [UInt8]
        let literals: [SwiftText.Literal]

        var isTest: Bool { path.hasPrefix("Tests/") }
        var name: String { path.split(separator: "/").last.map(String.init) ?? path }

        /// Whether the text occurs in the code; found by the C library, because this is asked thousands of times.
        private func contains(_ text: String) -> Bool {
            bytes.withUnsafeBytes { bytes in
                bytes.assumingMemoryBound(to: CChar.self).baseAddress.map { strstr($0, text) != nil } ?? false
            }
        }

        /// The lines of code that match, with the place to look at.
        ///
        /// - Parameter hints: One of them stands in every match; files without any are not searched.
        func places(of pattern: Regex<Substring>, hints: [String]) -> [String] {
            guard hints.contains(where: contains) else { return [] }
            return zip(1..., code).filter { $0.1.contains(pattern) }.map { "\(path):\($0.0)" }
        }
    }

    /// The repository as it is now, read once for all suites.
    static let contents = Result { try Repository() }

    let sources: [Source]

    private init() throws {
        var sources: [Source] = []
        for folder in ["Sources", "Tests"] {
            for path in try Self.paths(below: folder) where path.hasSuffix(".swift") {
                let text = [UInt8](try Data(contentsOf: Self.root.appending(path: path)))
                let lines = SwiftText.lines(of: text)
                // Tests are looked through as they stand; only the program is worth telling code from text.
                let swift = folder == "Sources" ? SwiftText(text) : nil
                let code = swift?.code ?? lines
                sources.append(
                    Source(
                        path: path,
                        room: String(path.split(separator: "/")[1]),
                        lines: lines,
                        code: code,
                        bytes: Array(code.joined(separator: "\n").utf8) + [0],
                        literals: swift?.literals ?? []
                    )
                )
            }
        }
        self.sources = sources
    }

    /// The sources of the program itself, without this suite: it must name what it forbids.
    var program: [Source] { sources.filter { !$0.isTest } }

    /// All files below a folder of the root, from the root, in order; empty if the folder is not there.
    static func paths(below folder: String) throws -> [String] {
        let url = root.appending(path: folder)
        guard FileManager.default.fileExists(atPath: url.path) else { return [] }
        return try FileManager.default.subpathsOfDirectory(atPath: url.path).sorted().map { folder + "/" + $0 }
    }
}
