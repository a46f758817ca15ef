import Foundation
import Kernel

/// The files that ship with the program and are read at run time: charts, rule books, mappings, schemas, page assets.
struct ProductFiles: Sendable {
    let root: URL

    /// Finds them: where `PINGQIAO_HOME` says, else beside or above the program, else in the current folder.
    static func locate() throws -> ProductFiles {
        let environment = ProcessInfo.processInfo.environment["PINGQIAO_HOME"].map { URL(filePath: $0) }
        let program = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        var candidates = [environment].compactMap(\.self)
        var folder = program.deletingLastPathComponent()
        for _ in 0..<6 {
            candidates.append(folder)
            candidates.append(folder.appending(path: "share/pingqiao"))
            folder = folder.deletingLastPathComponent()
        }
        candidates.append(URL(filePath: FileManager.default.currentDirectoryPath))
        for candidate in candidates
        where FileManager.default.fileExists(atPath: candidate.appending(path: "RuleBooks/cas.yaml").path()) {
            return ProductFiles(root: candidate)
        }
        throw ProductFilesError.notFound(candidates[0].path())
    }

    func text(_ path: String) throws -> String {
        do {
            return try String(contentsOf: root.appending(path: path), encoding: .utf8)
        } catch {
            throw ProductFilesError.unreadable(path)
        }
    }

    func json(_ path: String) throws -> JSON {
        try JSON(parsing: try text(path))
    }
}

/// Why the program's own files are not there.
enum ProductFilesError: Error, Hashable {
    case notFound(String)
    case unreadable(String)
}

extension ProductFilesError: Explainable {
    var problem: Problem {
        switch self {
        case .notFound(let path):
            Problem(
                code: "setup.files_missing",
                title: Phrase(zh: "找不到程序自带的文件。", en: "The files that ship with the program are missing."),
                location: Phrase(zh: path, en: path),
                cause: Phrase(
                    zh: "没有找到 RuleBooks/cas.yaml。", en: "RuleBooks/cas.yaml was not found there or above."
                ),
                remedy: Phrase(
                    zh: "请用环境变量 PINGQIAO_HOME 指明安装目录。",
                    en: "Name the folder of the installation in the environment variable PINGQIAO_HOME."
                )
            )
        case .unreadable(let path):
            Problem(
                code: "setup.file_unreadable",
                title: Phrase(zh: "程序自带的文件读不出来。", en: "A file that ships with the program cannot be read."),
                location: Phrase(zh: path, en: path),
                cause: Phrase(zh: "文件缺失、无权限或不是 UTF-8。", en: "It is missing, not permitted, or not UTF-8."),
                remedy: Phrase(zh: "请重新安装程序。", en: "Install the program again.")
            )
        }
    }
}
