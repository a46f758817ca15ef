import Access
import Foundation
import Kernel
import Testing

@Suite("MerkleTree beside pymerkle")
struct MerkleReferenceTests {
    @Test("has the same roots at sizes 1 to 300, and the same inclusion proofs at sizes 1 to 40")
    func agreement() throws {
        guard let answer = try reference() else {
            print("skipped: 300 roots and 820 proofs, because pymerkle is not installed")
            return
        }
        let leaves = (0..<300).map { MerkleTree.leaf(Array("entry \($0)".utf8)) }
        var frontier = MerkleFrontier()
        var expected: [String] = []
        for (index, leaf) in leaves.enumerated() {
            frontier.append(leaf: leaf)
            expected.append("root \(index + 1) \(frontier.root.hex)")
        }
        for size in 1...40 {
            let tree = MerkleTree(leaves: Array(leaves[..<size]))
            for index in 0..<size {
                let proof = try #require(tree.inclusionProof(of: index))
                expected.append("inclusion \(size) \(index) \(joined(proof + [leaves[index]]))")
            }
        }
        let differing = zip(expected, answer).first { $0 != $1 }
        #expect(differing == nil)
        #expect(answer.count == expected.count)
    }

    private func joined(_ hashes: [Digest]) -> String {
        Set(hashes.map(\.hex)).sorted().joined(separator: ",")
    }

    /// The lines of the script; `nil` where Python or pymerkle is not there.
    private func reference() throws -> [String]? {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath().appending(path: "../../..").standardizedFileURL
        let own = root.appending(path: ".build-tools/venv/bin/python")
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let python = FileManager.default.isExecutableFile(atPath: own.path) ? own.path : "python3"
        process.arguments = [python, root.appending(path: "scripts/merkle_reference.py").path]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            #expect(
                [77, 127].contains(process.terminationStatus), "the script ended with \(process.terminationStatus)")
            return nil
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
