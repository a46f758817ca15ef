import Access
import Cryptography
import Kernel
import Testing

/// The definition of RFC 9162, section 2.1.1, word for word, over whole lists.
private func definedRoot(_ leaves: [[UInt8]]) -> [UInt8] {
    if leaves.isEmpty { return hash([], with: .sha256) }
    if leaves.count == 1 { return hash([0] + leaves[0], with: .sha256) }
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    return hash(
        [1] + definedRoot(Array(leaves[..<split])) + definedRoot(Array(leaves[split...])),
        with: .sha256
    )
}

private func entries(_ count: Int) -> [[UInt8]] { (0..<count).map { Array("entry \($0)".utf8) } }

@Suite("MerkleFrontier")
struct MerkleFrontierTests {
    @Test("has the root of the definition at every size from 0 to 300")
    func definition() {
        var frontier = MerkleFrontier()
        let all = entries(300)
        for size in 0...300 {
            #expect(frontier.root.bytes == definedRoot(Array(all[..<size])), "size \(size)")
            #expect(frontier.size == Int64(size))
            #expect(MerkleFrontier(encoded: frontier.encoded) == frontier)
            if size < 300 { frontier.append(leaf: MerkleTree.leaf(all[size])) }
        }
    }

    @Test("is not read from bytes whose length does not belong to the size")
    func wrongBytes() {
        var frontier = MerkleFrontier()
        for entry in entries(7) { frontier.append(leaf: MerkleTree.leaf(entry)) }
        #expect(frontier.encoded.count == 8 + 3 * 32)
        #expect(MerkleFrontier(encoded: frontier.encoded.dropLast()) == nil)
        #expect(MerkleFrontier(encoded: frontier.encoded + [0]) == nil)
        #expect(MerkleFrontier(encoded: []) == nil)
        #expect(MerkleFrontier(encoded: [0xFF] + frontier.encoded.dropFirst()) == nil)
    }
}

@Suite("MerkleTree")
struct MerkleTreeTests {
    @Test("proves each leaf, and no other one, at every size up to 40")
    func inclusion() throws {
        for size in 1...40 {
            let leaves = entries(size).map(MerkleTree.leaf)
            let tree = MerkleTree(leaves: leaves)
            for index in 0..<size {
                let proof = try #require(tree.inclusionProof(of: index))
                func holds(_ leaf: Digest, at place: Int, of count: Int, _ proof: [Digest]) -> Bool {
                    MerkleTree.verifyInclusion(
                        of: leaf,
                        at: Int64(place),
                        size: Int64(count),
                        root: tree.root,
                        proof: proof
                    )
                }
                #expect(holds(leaves[index], at: index, of: size, proof))
                #expect(!holds(MerkleTree.leaf([9]), at: index, of: size, proof))
                #expect(!holds(leaves[index], at: index + 1, of: size, proof))
                #expect(!holds(leaves[index], at: index, of: size, proof + [leaves[0]]))
                #expect(proof.isEmpty || !holds(leaves[index], at: index, of: size, proof.dropLast()))
            }
            #expect(tree.inclusionProof(of: size) == nil)
        }
    }

    @Test("proves that it only grew, from every earlier size up to 40")
    func consistency() throws {
        let leaves = entries(40).map(MerkleTree.leaf)
        let roots = (0...40).map { MerkleTree(leaves: Array(leaves[..<$0])).root }
        for second in 1...40 {
            let tree = MerkleTree(leaves: Array(leaves[..<second]))
            #expect(tree.consistencyProof(from: 0) == nil)
            #expect(tree.consistencyProof(from: second + 1) == nil)
            for first in 1...second {
                let proof = try #require(tree.consistencyProof(from: first))
                func holds(_ firstRoot: Digest, _ secondRoot: Digest, _ proof: [Digest]) -> Bool {
                    MerkleTree.verifyConsistency(
                        firstSize: Int64(first),
                        firstRoot: firstRoot,
                        secondSize: Int64(second),
                        secondRoot: secondRoot,
                        proof: proof
                    )
                }
                #expect(holds(roots[first], roots[second], proof))
                #expect(!holds(roots[first - 1], roots[second], proof))
                #expect(!holds(roots[first], roots[second - 1], proof))
                #expect(!holds(roots[first], roots[second], proof + [roots[1]]))
            }
        }
    }
}

@Suite("LogEntry")
struct LogEntryTests {
    private let salt = [UInt8](repeating: 7, count: 16)

    private func entry(personal: [PersonalValue], body: JSON = .object([("b", 1), ("a", "记")])) -> LogEntry {
        LogEntry(
            book: "demo",
            sequence: 0,
            at: Timestamp(seconds: 0),
            actor: "li",
            kind: "voucher.posted",
            subject: "voucher:1",
            unit: "u1",
            body: body,
            personal: personal
        )
    }

    @Test("has one canonical form, with the hash in place of a personal value")
    func canonical() {
        let value = PersonalValue(name: "payee", salt: salt, value: "李雷", retention: "accounting")
        let text = String(decoding: entry(personal: [value]).canonical, as: UTF8.self)
        let expected = sha256(salt + Array("李雷".utf8)).hex
        #expect(
            text
                == #"{"actor":"li","at":"1970-01-01T00:00:00Z","body":{"a":"记","b":1},"book":"demo","#
                + #""kind":"voucher.posted","personal":{"payee":"\#(expected)"},"sequence":0,"#
                + #""subject":"voucher:1","unit":"u1"}"#
        )
    }

    @Test("has a canonical form that any reader of JSON reads, and writes again to the same bytes")
    func canonicalJSON() throws {
        let personal = ["b", "a\"", "ä"].map { PersonalValue(name: $0, salt: salt, value: "v", retention: "r") }
        let bytes = entry(personal: personal, body: .object([("z", .null), ("a\n", ["x", 1])])).canonical
        #expect(try JSON(parsing: bytes).canonical == bytes)
    }

    @Test("keeps its leaf when a personal value is erased")
    func erasure() {
        let value = PersonalValue(name: "payee", salt: salt, value: "李雷", retention: "accounting")
        #expect(entry(personal: [value]).leaf == entry(personal: [value.erased]).leaf)
        #expect(value.erased.value == nil && value.erased.salt == nil && value.erased.isErased)
    }

    @Test("has a leaf that changes with the value, the salt and the body")
    func changes() {
        func value(_ text: String, _ byte: UInt8) -> PersonalValue {
            PersonalValue(name: "p", salt: [UInt8](repeating: byte, count: 16), value: text, retention: "r")
        }
        let leaves = [
            entry(personal: []), entry(personal: [value("a", 1)]), entry(personal: [value("b", 1)]),
            entry(personal: [value("a", 2)]), entry(personal: [], body: .null),
        ].map(\.leaf)
        #expect(Set(leaves).count == leaves.count)
    }
}
