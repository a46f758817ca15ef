import Cryptography
package import Kernel

/// The Merkle tree of RFC 9162 over a list of leaf hashes, and its proofs.
package struct MerkleTree: Hashable, Sendable {
    package let leaves: [Digest]

    package init(leaves: [Digest]) {
        self.leaves = leaves
    }

    /// The hash of a leaf's bytes: SHA-256 of 0x00 and the bytes.
    package static func leaf(_ bytes: [UInt8]) -> Digest { sha256([0x00] + bytes) }

    /// The hash of two subtrees: SHA-256 of 0x01 and both hashes.
    static func node(_ left: Digest, _ right: Digest) -> Digest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1 + 2 * Digest.length)
        bytes.append(0x01)
        bytes.append(contentsOf: left.bytes)
        bytes.append(contentsOf: right.bytes)
        return sha256(bytes)
    }

    static let emptyRoot = sha256([])

    package var root: Digest { Self.root(of: leaves[...]) }

    /// The proof that leaf `index` is in this tree: RFC 9162, section 2.1.3.1; `nil` if there is no such leaf.
    package func inclusionProof(of index: Int) -> [Digest]? {
        guard leaves.indices.contains(index) else { return nil }
        return Self.path(to: index, in: leaves[...])
    }

    /// The proof that this tree only added to its first `size` leaves: RFC 9162, section 2.1.4.1.
    ///
    /// `nil` if the earlier tree was empty or larger than this one.
    package func consistencyProof(from size: Int) -> [Digest]? {
        guard size > 0, size <= leaves.count else { return nil }
        return Self.subproof(of: size, in: leaves[...], isWhole: true)
    }

    private static func root(of leaves: ArraySlice<Digest>) -> Digest {
        guard let first = leaves.first else { return emptyRoot }
        guard leaves.count > 1 else { return first }
        let middle = leaves.startIndex + split(leaves.count)
        return node(root(of: leaves[..<middle]), root(of: leaves[middle...]))
    }

    private static func path(to index: Int, in leaves: ArraySlice<Digest>) -> [Digest] {
        guard leaves.count > 1 else { return [] }
        let middle = leaves.startIndex + split(leaves.count)
        let (left, right) = (leaves[..<middle], leaves[middle...])
        return index < middle
            ? path(to: index, in: left) + [root(of: right)] : path(to: index, in: right) + [root(of: left)]
    }

    private static func subproof(of size: Int, in leaves: ArraySlice<Digest>, isWhole: Bool) -> [Digest] {
        guard size < leaves.count else { return isWhole ? [] : [root(of: leaves)] }
        let length = split(leaves.count)
        let middle = leaves.startIndex + length
        let (left, right) = (leaves[..<middle], leaves[middle...])
        return size <= length
            ? subproof(of: size, in: left, isWhole: isWhole) + [root(of: right)]
            : subproof(of: size - length, in: right, isWhole: false) + [root(of: left)]
    }

    /// The largest power of two smaller than `count`.
    private static func split(_ count: Int) -> Int {
        1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    }
}

extension MerkleTree {
    /// Whether `proof` shows that `leaf` stands at `index` of the tree with this size and root: RFC 9162, 2.1.3.2.
    package static func verifyInclusion(
        of leaf: Digest,
        at index: Int64,
        size: Int64,
        root: Digest,
        proof: [Digest]
    ) -> Bool {
        guard index >= 0, index < size else { return false }
        var (position, last) = (index, size - 1)
        var hash = leaf
        for part in proof {
            guard last != 0 else { return false }
            if position & 1 == 1 || position == last {
                hash = node(part, hash)
                while position & 1 == 0, position != 0 { (position, last) = (position >> 1, last >> 1) }
            } else {
                hash = node(hash, part)
            }
            (position, last) = (position >> 1, last >> 1)
        }
        return last == 0 && hash == root
    }

    /// Whether `proof` shows that the second tree only added leaves to the first: RFC 9162, section 2.1.4.2.
    package static func verifyConsistency(
        firstSize: Int64,
        firstRoot: Digest,
        secondSize: Int64,
        secondRoot: Digest,
        proof: [Digest]
    ) -> Bool {
        guard firstSize > 0, firstSize <= secondSize else { return false }
        guard firstSize < secondSize else { return proof.isEmpty && firstRoot == secondRoot }
        var rest = proof[...]
        // A first tree that is a full subtree of the second is its own starting point; the proof leaves it out.
        if firstSize.nonzeroBitCount == 1 { rest = ([firstRoot] + proof)[...] }
        guard let start = rest.popFirst() else { return false }
        var (position, last) = (firstSize - 1, secondSize - 1)
        while position & 1 == 1 { (position, last) = (position >> 1, last >> 1) }
        var (first, second) = (start, start)
        for part in rest {
            guard last != 0 else { return false }
            if position & 1 == 1 || position == last {
                first = node(part, first)
                second = node(part, second)
                while position & 1 == 0, position != 0 { (position, last) = (position >> 1, last >> 1) }
            } else {
                second = node(second, part)
            }
            (position, last) = (position >> 1, last >> 1)
        }
        return last == 0 && first == firstRoot && second == secondRoot
    }
}
