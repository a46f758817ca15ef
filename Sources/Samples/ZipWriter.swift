import CZlib

/// Writes a ZIP with one fixed time for all entries, so that the same content gives the same bytes.
package struct ZipWriter {
    private var body: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    /// 1980-01-01, the first day ZIP knows.
    private static let date = 0x0021
    private static let usesUTF8 = 0x0800

    package init() {}

    /// Adds an entry, deflated where that makes it smaller.
    package mutating func add(_ name: String, _ content: [UInt8]) {
        let deflated = deflate(content)
        let isDeflated = deflated.count < content.count
        let data = isDeflated ? deflated : content
        let sum = content.withUnsafeBufferPointer { Int(crc32(0, $0.baseAddress, UInt32($0.count))) }
        let name = Array(name.utf8)
        var fields: [UInt8] = []
        for value in [20, Self.usesUTF8, isDeflated ? 8 : 0, 0, Self.date] { fields.append(value, bytes: 2) }
        for value in [sum, data.count, content.count] { fields.append(value, bytes: 4) }
        fields.append(name.count, bytes: 2)
        fields.append(0, bytes: 2)

        directory.append(0x0201_4B50, bytes: 4)
        directory.append(20, bytes: 2)
        directory += fields
        for _ in 0..<3 { directory.append(0, bytes: 2) }
        directory.append(0, bytes: 4)
        directory.append(body.count, bytes: 4)
        directory += name

        body.append(0x0403_4B50, bytes: 4)
        body += fields + name + data
        count += 1
    }

    package func finish() -> [UInt8] {
        var end: [UInt8] = []
        end.append(0x0605_4B50, bytes: 4)
        for value in [0, 0, count, count] { end.append(value, bytes: 2) }
        end.append(directory.count, bytes: 4)
        end.append(body.count, bytes: 4)
        end.append(0, bytes: 2)
        return body + directory + end
    }

    private func deflate(_ content: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        let level = Z_BEST_COMPRESSION
        let size = Int32(MemoryLayout<z_stream>.size)
        let ready = deflateInit2_(&stream, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
        precondition(ready == Z_OK, "zlib compresses")
        defer { deflateEnd(&stream) }
        let capacity = Int(deflateBound(&stream, UInt(content.count)))
        return content.withUnsafeBufferPointer { input in
            stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.avail_in = UInt32(input.count)
            return [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(capacity)
                let done = CZlib.deflate(&stream, Z_FINISH)
                precondition(done == Z_STREAM_END, "deflateBound is enough")
                count = capacity - Int(stream.avail_out)
            }
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ value: Int, bytes: Int) {
        for index in 0..<bytes { append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }
}
