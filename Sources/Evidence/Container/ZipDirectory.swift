import Kernel
import Markup

/// Reads and checks the central directory of a ZIP, and every local header against it (APPNOTE 6.3, section 4.3).
struct ZipDirectory {
    let bytes: [UInt8]
    let limits: ZipArchive.Limits

    private static let localHeader: UInt32 = 0x0403_4b50
    private static let centralRecord: UInt32 = 0x0201_4b50
    private static let endOfDirectory: UInt32 = 0x0605_4b50
    private static let endLength = 22

    /// A record of the directory, before its local header has been seen.
    private struct Record {
        let name: String
        let rawName: Range<Int>
        let flags: Int
        let method: Int
        let checksum: UInt32
        let packedSize: Int
        let size: Int
        let offset: Int
    }

    func read() throws(EvidenceError) -> [ZipEntry] {
        let end = try findEnd()
        let count = u16(end + 10)
        let length = Int(u32(end + 12))
        let start = Int(u32(end + 16))
        guard u16(end + 4) == 0, u16(end + 6) == 0, u16(end + 8) == count else { throw flaw(.severalDisks) }
        guard count != 0xFFFF, start != 0xFFFF_FFFF, length != 0xFFFF_FFFF else { throw flaw(.zip64) }
        guard start + length == end else { throw flaw(.position) }
        guard count <= limits.entries else {
            throw EvidenceError(.zipBomb(.entries(count, limit: limits.entries)))
        }
        let records = try readRecords(count: count, from: start, to: end)
        try refuseBombs(records)
        return try locate(records, before: start)
    }

    /// The end record must reach exactly to the end of the file: bytes after it could be a second document.
    private func findEnd() throws(EvidenceError) -> Int {
        guard bytes.count >= Self.endLength else { throw EvidenceError(.zipTruncated) }
        var position = bytes.count - Self.endLength
        let lowest = max(0, position - 0xFFFF)
        var seen = false
        while position >= lowest {
            if bytes[position] == 0x50, u32(position) == Self.endOfDirectory {
                if position + Self.endLength + u16(position + 20) == bytes.count { return position }
                seen = true
            }
            position -= 1
        }
        throw seen ? flaw(.trailingBytes) : EvidenceError(.zipTruncated)
    }

    private func readRecords(count: Int, from start: Int, to end: Int) throws(EvidenceError) -> [Record] {
        var records: [Record] = []
        records.reserveCapacity(count)
        var position = start
        for _ in 0..<count {
            guard position + 46 <= end, u32(position) == Self.centralRecord else {
                throw flaw(position == start ? .position : .record)
            }
            let nameEnd = position + 46 + u16(position + 28)
            let next = nameEnd + u16(position + 30) + u16(position + 32)
            guard next <= end else { throw flaw(.record) }
            let rawName = position + 46..<nameEnd
            let name = try readName(rawName)
            let flags = u16(position + 8)
            let method = u16(position + 10)
            // Bit 0 is encryption, 6 strong encryption, 13 a masked directory; method 99 is AES.
            guard flags & 0b0010_0000_0100_0001 == 0, method != 99 else {
                throw EvidenceError(.encrypted, part: name)
            }
            guard method == 0 || method == 8 else { throw EvidenceError(.zipUnsupportedMethod(method), part: name) }
            // The upper half is a Unix mode, whatever system the record claims.
            guard [0, 0x8000, 0x4000].contains(u16(position + 40) & 0xF000) else {
                throw EvidenceError(.zipSymbolicLink(name), part: name)
            }
            let sizes = try readSizes(position + 20, extra: nameEnd..<nameEnd + u16(position + 30), name)
            records.append(
                Record(
                    name: name, rawName: rawName, flags: flags, method: method, checksum: u32(position + 16),
                    packedSize: sizes.packed, size: sizes.unpacked, offset: Int(u32(position + 42))
                )
            )
            position = next
        }
        guard position == end else { throw flaw(.count) }
        return records
    }

    private func readName(_ range: Range<Int>) throws(EvidenceError) -> String {
        let raw = bytes[range]
        guard !raw.isEmpty else { throw flaw(.name) }
        // Windows tools write names in GB18030 and set no flag.
        guard let name = String(validating: raw, as: UTF8.self) ?? decodeGB18030(raw) else { throw flaw(.name) }
        let isDrive = name.utf8.count >= 2 && name.utf8.dropFirst().first == UInt8(ascii: ":")
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = parts.enumerated().allSatisfy { index, part in
            part != "." && part != ".." && (!part.isEmpty || (index == parts.count - 1 && index > 0))
        }
        guard isPlain, !isDrive, !name.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\\") || $0 == 0x7F })
        else { throw EvidenceError(.zipPathEscape(name), part: name) }
        return name
    }

    /// The packed and unpacked size. Some writers keep them in the ZIP64 field even where 32 bits are enough.
    private func readSizes(
        _ position: Int, extra: Range<Int>, _ name: String
    ) throws(EvidenceError) -> (packed: Int, unpacked: Int) {
        var sizes = (packed: Int(u32(position)), unpacked: Int(u32(position + 4)))
        guard sizes.packed == 0xFFFF_FFFF || sizes.unpacked == 0xFFFF_FFFF else { return sizes }
        var field = extra.lowerBound
        while field + 4 <= extra.upperBound {
            let end = field + 4 + u16(field + 2)
            guard end <= extra.upperBound else { break }
            if u16(field) == 1 {
                var next = field + 4
                for path in [\(packed: Int, unpacked: Int).unpacked, \.packed] where sizes[keyPath: path] == 0xFFFF_FFFF
                {
                    guard next + 8 <= end, u32(next + 4) == 0 else { throw flaw(.zip64, name) }
                    sizes[keyPath: path] = Int(u32(next))
                    next += 8
                }
                return sizes
            }
            field = end
        }
        throw flaw(.zip64, name)
    }

    private func refuseBombs(_ records: [Record]) throws(EvidenceError) {
        var total = 0
        for record in records {
            total += record.size
            guard record.size <= limits.entryBytes else {
                throw EvidenceError(.zipBomb(.entrySize(limit: limits.entryBytes)), part: record.name)
            }
            guard total <= limits.totalBytes else {
                throw EvidenceError(.zipBomb(.totalSize(limit: limits.totalBytes)), part: record.name)
            }
            guard record.size <= limits.ratioFloor || record.size <= limits.ratio * record.packedSize else {
                throw EvidenceError(.zipBomb(.ratio(limit: limits.ratio)), part: record.name)
            }
        }
    }

    /// Finds the data of every record, and checks that no two overlap.
    private func locate(_ records: [Record], before end: Int) throws(EvidenceError) -> [ZipEntry] {
        var entries: [ZipEntry] = []
        entries.reserveCapacity(records.count)
        for record in records {
            let header = record.offset
            guard header + 30 <= end, u32(header) == Self.localHeader else { throw flaw(.localHeader, record.name) }
            let nameEnd = header + 30 + u16(header + 26)
            let data = nameEnd + u16(header + 28)
            guard data + record.packedSize <= end else { throw flaw(.localHeader, record.name) }
            guard u16(header + 6) & 1 == 0 else { throw EvidenceError(.encrypted, part: record.name) }
            guard bytes[header + 30..<nameEnd] == bytes[record.rawName] else { throw flaw(.localName, record.name) }
            let isStreamed = u16(header + 6) & 8 != 0
            let sizes = try readSizes(header + 18, extra: nameEnd..<data, record.name)
            let agrees =
                u16(header + 8) == record.method
                && (isStreamed
                    || (u32(header + 14) == record.checksum && sizes.packed == record.packedSize
                        && sizes.unpacked == record.size))
            let isWholeWhenStored = record.method == 8 || record.packedSize == record.size
            guard agrees, isWholeWhenStored else { throw flaw(.localSize, record.name) }
            entries.append(
                ZipEntry(
                    name: record.name, size: record.size, checksum: record.checksum, isDeflated: record.method == 8,
                    data: data..<data + record.packedSize
                )
            )
        }
        let order = records.indices.sorted { records[$0].offset < records[$1].offset }
        for (earlier, later) in zip(order, order.dropFirst())
        where records[later].offset < entries[earlier].data.upperBound {
            throw EvidenceError(.zipBomb(.overlap), part: entries[later].name)
        }
        return entries
    }

    private func flaw(_ flaw: EvidenceFault.DirectoryFlaw, _ part: String? = nil) -> EvidenceError {
        EvidenceError(.zipBadDirectory(flaw), part: part)
    }

    private func u16(_ position: Int) -> Int { Int(bytes[position]) | Int(bytes[position + 1]) << 8 }

    private func u32(_ position: Int) -> UInt32 {
        UInt32(u16(position)) | UInt32(u16(position + 2)) << 16
    }
}
