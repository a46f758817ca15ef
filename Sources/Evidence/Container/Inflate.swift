import CZlib

/// What zlib made of the compressed bytes of one entry.
enum Inflated {
    case bytes([UInt8])
    case damaged
    /// More came out than announced; the count says where counting stopped.
    case overrun(produced: Int)
}

/// Unpacks raw deflate data that must give exactly `size` bytes.
///
/// No more than `size` bytes are ever held. What comes after them is only counted, and not beyond `limit`.
func inflate(_ bytes: ArraySlice<UInt8>, size: Int, limit: Int) -> Inflated {
    var stream = z_stream()
    guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
        return .damaged
    }
    defer { inflateEnd(&stream) }
    return bytes.withUnsafeBufferPointer { input in
        // zlib does not write to its input, but its type does not say so.
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.avail_in = UInt32(input.count)
        var status = Z_OK
        let output = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
            // One byte more than announced shows an overrun at once.
            stream.next_out = buffer.baseAddress
            stream.avail_out = UInt32(size + 1)
            status = CZlib.inflate(&stream, Z_FINISH)
            count = min(size, size + 1 - Int(stream.avail_out))
        }
        if stream.avail_out == 0 { return .overrun(produced: countRest(of: &stream, produced: size + 1, limit: limit)) }
        guard status == Z_STREAM_END, stream.avail_in == 0, output.count == size else { return .damaged }
        return .bytes(output)
    }
}

private func countRest(of stream: inout z_stream, produced: Int, limit: Int) -> Int {
    var produced = produced
    var scratch = [UInt8](repeating: 0, count: 1 << 16)
    while produced <= limit {
        let status = scratch.withUnsafeMutableBufferPointer { buffer in
            stream.next_out = buffer.baseAddress
            stream.avail_out = UInt32(buffer.count)
            return CZlib.inflate(&stream, Z_NO_FLUSH)
        }
        produced += scratch.count - Int(stream.avail_out)
        guard status == Z_OK, stream.avail_out == 0 else { break }
    }
    return produced
}

/// The checksum ZIP uses (CRC-32, ISO 3309).
func checksum(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32(0, $0.baseAddress, UInt32($0.count))) }
}
