/// Writes ZIPs that lie: every field of every record can be set.
struct HostileZip {
    struct Entry {
        var name: [UInt8]
        var localName: [UInt8]?
        var data: [UInt8]
        var method = 0
        var flags = 0
        var size: Int?
        var packedSize: Int?
        var localSize: Int?
        var checksum: UInt32?
        var mode = 0x81A4
        var offset: Int?

        init(_ name: String, _ data: [UInt8] = []) {
            self.name = Array(name.utf8)
            self.data = data
        }

        func with(_ change: (inout Entry) -> Void) -> Entry {
            var entry = self
            change(&entry)
            return entry
        }
    }

    var entries: [Entry]
    var count: Int?
    var comment: [UInt8] = []
    var tail: [UInt8] = []

    func bytes() -> [UInt8] {
        var body: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let sum = entry.checksum ?? Self.checksum(entry.data)
            let size = entry.size ?? entry.data.count
            let packed = entry.packedSize ?? entry.data.count
            directory += Self.number(0x0201_4B50, 4) + Self.number(0x0314, 2) + Self.number(20, 2)
            directory += Self.number(entry.flags, 2) + Self.number(entry.method, 2) + Self.number(0, 2)
            directory += Self.number(0x21, 2) + Self.number(Int(sum), 4) + Self.number(packed, 4) + Self.number(size, 4)
            directory += Self.number(entry.name.count, 2) + [UInt8](repeating: 0, count: 8)
            directory += Self.number(entry.mode << 16, 4) + Self.number(entry.offset ?? body.count, 4) + entry.name
            let localName = entry.localName ?? entry.name
            body += Self.number(0x0403_4B50, 4) + Self.number(20, 2) + Self.number(entry.flags, 2)
            body += Self.number(entry.method, 2) + Self.number(0, 2) + Self.number(0x21, 2) + Self.number(Int(sum), 4)
            body += Self.number(packed, 4) + Self.number(entry.localSize ?? size, 4)
            body += Self.number(localName.count, 2) + [0, 0] + localName + entry.data
        }
        let count = count ?? entries.count
        let end =
            Self.number(0x0605_4B50, 4) + [0, 0, 0, 0] + Self.number(count, 2) + Self.number(count, 2)
            + Self.number(directory.count, 4) + Self.number(body.count, 4) + Self.number(comment.count, 2) + comment
        return body + directory + end + tail
    }

    private static func number(_ value: Int, _ bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }

    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~UInt32(0)) { $0 >> 8 ^ table[Int(($0 ^ UInt32($1)) & 255)] }
    }
}
