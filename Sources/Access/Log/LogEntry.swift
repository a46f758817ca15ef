import Cryptography
package import Kernel

/// One change of a book: who did what, when, to which thing (日志条目).
///
/// It is written in the unit of work that makes the change, and is a leaf of the book's Merkle tree.
package struct LogEntry: Hashable, Sendable {
    package let book: String
    /// Its place in the book's log, from 0 and without gaps.
    package let sequence: Int64
    package let at: Timestamp
    package let actor: String
    /// What happened, as a dotted past participle: `voucher.posted`.
    package let kind: String
    /// The thing it happened to, with its type: `voucher:V-2026-03-0001`.
    package let subject: String
    /// The key of the unit of work that wrote it.
    package let unit: String
    package let body: JSON
    package let personal: [PersonalValue]

    package init(
        book: String,
        sequence: Int64,
        at: Timestamp,
        actor: String,
        kind: String,
        subject: String,
        unit: String,
        body: JSON,
        personal: [PersonalValue] = []
    ) {
        precondition(sequence >= 0, "the first entry of a log has sequence 0")
        precondition(Set(personal.map(\.name)).count == personal.count, "a personal value occurs twice in \(kind)")
        self.book = book
        self.sequence = sequence
        self.at = at
        self.actor = actor
        self.kind = kind
        self.subject = subject
        self.unit = unit
        self.body = body
        self.personal = personal
    }

    /// The bytes that are proved: canonical JSON, where each personal value is its salted hash.
    ///
    /// Written member by member, in canonical order, because this runs on the writer for every entry.
    package var canonical: [UInt8] { canonical(body: body.canonical) }

    /// - Parameter body: The body in its canonical form, where the caller has it already.
    package func canonical(body: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(1024)
        output.append(contentsOf: #"{"actor":"#.utf8)
        output.append(contentsOf: JSON.string(actor).utf8)
        output.append(contentsOf: #","at":"#.utf8)
        output.append(contentsOf: JSON.string(at.text).utf8)
        output.append(contentsOf: #","body":"#.utf8)
        output.append(contentsOf: body)
        output.append(contentsOf: #","book":"#.utf8)
        output.append(contentsOf: JSON.string(book).utf8)
        output.append(contentsOf: #","kind":"#.utf8)
        output.append(contentsOf: JSON.string(kind).utf8)
        output.append(contentsOf: #","personal":"#.utf8)
        output.append(contentsOf: JSON.object(personal.map { ($0.name, .string($0.hash.hex)) }).canonical)
        output.append(contentsOf: #","sequence":"#.utf8)
        output.append(contentsOf: String(sequence).utf8)
        output.append(contentsOf: #","subject":"#.utf8)
        output.append(contentsOf: JSON.string(subject).utf8)
        output.append(contentsOf: #","unit":"#.utf8)
        output.append(contentsOf: JSON.string(unit).utf8)
        output.append(UInt8(ascii: "}"))
        return output
    }

    /// The leaf hash of RFC 9162, section 2.1.1.
    package var leaf: Digest { MerkleTree.leaf(canonical) }
}
