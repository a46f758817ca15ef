/// A name with its hash, worked out once: an expression looks its names up far more often than it is read.
///
/// Names are compared byte by byte, as FEEL compares texts; comparing Chinese names by Unicode's rules of equivalence
/// took a third of an evaluation.
package struct Name: Hashable, Sendable {
    package let text: String
    let hash: UInt64

    package init(_ text: String) {
        self.text = text
        // FNV-1a. Contexts that are large enough for made collisions to matter have an index of their own.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        self.hash = hash
    }

    package static func == (left: Name, right: Name) -> Bool {
        left.hash == right.hash && left.text == right.text
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}
