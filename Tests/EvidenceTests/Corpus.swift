import Foundation
import Kernel

/// The shared corpus of vouchers, which lies beside the repository and may be absent.
enum Corpus {
    struct Sample: CustomStringConvertible {
        let path: String
        let bytes: [UInt8]
        let expected: JSON

        var name: String { path.split(separator: "/").last.map(String.init) ?? path }
        var description: String { path }
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/corpus/evoucher")

    /// The samples of a folder that have an expected result beside them; empty where there is no corpus.
    static func samples(_ folder: String) -> [Sample] {
        let url = root.appending(path: folder)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path())) ?? []
        return names.filter { $0.hasSuffix(".expected.json") }.sorted().compactMap { name in
            let file = String(name.dropLast(".expected.json".count))
            guard let bytes = try? Data(contentsOf: url.appending(path: file)),
                let text = try? Data(contentsOf: url.appending(path: name)), let json = try? JSON(parsing: text)
            else { return nil }
            return Sample(path: folder + "/" + file, bytes: Array(bytes), expected: json)
        }
    }
}
