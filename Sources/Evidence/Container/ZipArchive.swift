import Kernel

/// A ZIP whose directory has been checked in full, and whose entries are unpacked one by one in memory.
///
/// Nothing is written anywhere, and nothing is unpacked that is not asked for. Every size is counted while
/// unpacking; what headers say is believed only where it leads to a refusal.
struct ZipArchive {
    /// What a package may ask of its reader.
    struct Limits: Sendable {
        var entries = 2_000
        var totalBytes = 64 << 20
        var entryBytes = 50 << 20
        var ratio = 200
        /// Below this size no ratio is suspicious: blanks pack well.
        var ratioFloor = 1 << 20
    }

    let entries: [ZipEntry]
    private let bytes: [UInt8]
    private let limits: Limits
    private let positions: [String: Int]
    /// The bytes unpacked so far, of this archive and the one it came out of.
    private(set) var unpacked: Int

    /// - Parameter unpacked: What has been unpacked before, when the archive is itself an entry.
    init(_ bytes: [UInt8], limits: Limits = Limits(), unpacked: Int = 0) throws(EvidenceError) {
        self.bytes = bytes
        self.limits = limits
        self.unpacked = unpacked
        entries = try ZipDirectory(bytes: bytes, limits: limits).read()
        var positions: [String: Int] = [:]
        positions.reserveCapacity(entries.count)
        for (index, entry) in entries.enumerated() {
            guard positions.updateValue(index, forKey: entry.name) == nil else {
                throw EvidenceError(.zipDuplicateEntry(entry.name), part: entry.name)
            }
        }
        self.positions = positions
    }

    func contains(_ name: String) -> Bool { positions[name] != nil }

    /// The one entry whose name differs from this at most in the case of its letters.
    func nameIgnoringCase(_ name: String) -> String? {
        let wanted = name.lowercased()
        let matches = entries.filter { $0.name.lowercased() == wanted }
        return matches.count == 1 ? matches[0].name : nil
    }

    func entry(_ name: String) -> ZipEntry? { positions[name].map { entries[$0] } }

    /// Begins to count anew, for a second pass over the same entries.
    mutating func recount() { unpacked = 0 }

    /// The bytes of the entry of exactly this name; `nil` if there is none.
    mutating func read(_ name: String) throws(EvidenceError) -> [UInt8]? {
        guard let entry = entry(name), !entry.isFolder else { return nil }
        let room = limits.totalBytes - unpacked
        guard entry.size <= room else {
            throw EvidenceError(.zipBomb(.totalSize(limit: limits.totalBytes)), part: name)
        }
        let packed = bytes[entry.data]
        let content: [UInt8]
        if entry.isDeflated {
            switch inflate(packed, size: entry.size, limit: min(limits.entryBytes, room)) {
            case .bytes(let unpacked): content = unpacked
            case .damaged: throw EvidenceError(.zipDamaged(.deflate), part: name)
            case .overrun(let produced):
                unpacked += produced
                if produced > limits.entryBytes || produced > room {
                    throw EvidenceError(.zipBomb(.entrySize(limit: limits.entryBytes)), part: name)
                }
                if produced > limits.ratioFloor, produced > limits.ratio * packed.count {
                    throw EvidenceError(.zipBomb(.ratio(limit: limits.ratio)), part: name)
                }
                throw EvidenceError(.zipDamaged(.size), part: name)
            }
        } else {
            content = Array(packed)
        }
        unpacked += content.count
        guard checksum(content) == entry.checksum else { throw EvidenceError(.zipDamaged(.checksum), part: name) }
        return content
    }
}

/// One checked entry of a ZIP.
struct ZipEntry {
    let name: String
    /// The size it unpacks to, by the directory; unpacking refuses any other.
    let size: Int
    let checksum: UInt32
    let isDeflated: Bool
    /// Where its packed bytes lie.
    let data: Range<Int>

    var isFolder: Bool { name.utf8.last == UInt8(ascii: "/") }
}
