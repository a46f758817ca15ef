package import Kernel

/// The right edge of a growing Merkle tree: all that must be kept to append to it and to know its root.
///
/// `peaks` are the roots of its full subtrees, largest first: one for each bit that is set in `size`.
package struct MerkleFrontier: Hashable, Sendable {
    package private(set) var size: Int64
    package private(set) var peaks: [Digest]

    /// The frontier of the empty tree.
    package init() {
        size = 0
        peaks = []
    }

    package mutating func append(leaf: Digest) {
        var hash = leaf
        for _ in 0..<(~size).trailingZeroBitCount {
            hash = MerkleTree.node(peaks.removeLast(), hash)
        }
        peaks.append(hash)
        size += 1
    }

    /// The Merkle tree hash of RFC 9162, section 2.1.1.
    package var root: Digest {
        guard var hash = peaks.last else { return MerkleTree.emptyRoot }
        for peak in peaks.dropLast().reversed() { hash = MerkleTree.node(peak, hash) }
        return hash
    }

    /// The size in eight bytes, the highest first, then the peaks.
    package var encoded: [UInt8] {
        var bytes = withUnsafeBytes(of: size.bigEndian, Array.init)
        for peak in peaks { bytes.append(contentsOf: peak.bytes) }
        return bytes
    }

    /// Reads what `encoded` wrote; `nil` if the number of peaks does not belong to the size.
    package init?(encoded: [UInt8]) {
        guard encoded.count >= 8 else { return nil }
        let size = encoded[..<8].reduce(into: UInt64(0)) { $0 = $0 << 8 | UInt64($1) }
        guard let size = Int64(exactly: size), encoded.count == 8 + size.nonzeroBitCount * Digest.length else {
            return nil
        }
        self.size = size
        peaks = stride(from: 8, to: encoded.count, by: Digest.length).compactMap {
            Digest(bytes: Array(encoded[$0..<$0 + Digest.length]))
        }
    }
}
