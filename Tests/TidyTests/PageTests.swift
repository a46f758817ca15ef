import Foundation
import Testing

@Suite("The pages of docs/")
struct PageTests {
    @Test("name every error code of the program, with its texts, and no other")
    func errors() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", Repository.root.appending(path: "scripts/errors.py").path, "--check"]
        let output = Pipe()
        process.standardError = output
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus != 127 else {
            print("skipped: the error codes, because there is no python3")
            return
        }
        #expect(process.terminationStatus == 0, "\(String(decoding: bytes, as: UTF8.self))")
    }

    @Test("link to files that exist")
    func links() throws {
        var pages = try Repository.paths(below: "docs").filter { $0.hasSuffix(".md") }
        for name in ["README.md", "CHANGELOG.md"] {
            if FileManager.default.fileExists(atPath: Repository.root.appending(path: name).path) { pages.append(name) }
        }
        for page in pages {
            let url = Repository.root.appending(path: page)
            let text = try String(contentsOf: url, encoding: .utf8)
            for match in text.matches(of: /\]\(([^)\s]+)\)/) {
                let target = match.output.1.prefix { $0 != "#" }
                guard !target.isEmpty, !target.contains("://"), !target.hasPrefix("mailto:") else { continue }
                let file = url.deletingLastPathComponent().appending(path: String(target))
                #expect(
                    FileManager.default.fileExists(atPath: file.path),
                    "\(page): there is no \(target)"
                )
            }
        }
    }

    @Test("name every dependency of Package.swift in docs/decisions/")
    func dependencies() throws {
        let root = Repository.root
        let package = try String(contentsOf: root.appending(path: "Package.swift"), encoding: .utf8)
        let decisions = try Repository.paths(below: "docs/decisions").filter { $0.hasSuffix(".md") }
            .map { try String(contentsOf: root.appending(path: $0), encoding: .utf8).lowercased() }.joined()
        for match in package.matches(of: /\.package\(url: "[^"]*\/([\w.\-]+)"/) {
            let name = String(match.output.1)
            #expect(decisions.contains(name.lowercased()), "docs/decisions/ does not say what \(name) is for")
        }
    }
}

@Suite("The texts people read")
struct TextTests {
    /// The fixed words of the pages: one file for each language (`zh.json`, `en.json`), with the same keys.
    @Test("have every key in both languages")
    func catalogues() throws {
        for file in try Repository.paths(below: "Web/texts")
        where file.hasSuffix("zh.json") || file.hasSuffix("en.json") {
            let isChinese = file.hasSuffix("zh.json")
            let other = file.dropLast("zh.json".count) + (isChinese ? "en.json" : "zh.json")
            let (own, partner) = (try keys(of: file), try keys(of: String(other)))
            for key in own.subtracting(partner).sorted() { Issue.record("\(other): the key \(key) is missing") }
        }
    }

    /// Every key of a catalogue, those of inner objects behind a point; none if there is no such file.
    private func keys(of file: String) throws -> Set<String> {
        guard let bytes = try? Data(contentsOf: Repository.root.appending(path: file)) else { return [] }
        func names(of value: Any, below prefix: String) -> [String] {
            guard let object = value as? [String: Any] else { return [prefix] }
            return object.flatMap { names(of: $0.value, below: prefix.isEmpty ? $0.key : prefix + "." + $0.key) }
        }
        return Set(names(of: try JSONSerialization.jsonObject(with: bytes), below: ""))
    }

    @Test("are written in both languages wherever a phrase is made")
    func phrases() throws {
        let repository = try Repository.contents.get()
        let empty = /\b(?:zh|en): ""(?!")/
        for source in repository.program {
            for (line, text) in zip(1..., source.lines) where text.contains(": \"\"") {
                // A phrase that is empty in both languages is one that nobody is shown.
                guard text.contains(empty), !text.contains("zh: \"\", en: \"\"") else { continue }
                Issue.record("\(source.path):\(line): one of the two texts is empty")
            }
        }
    }
}
