/// Arguments in the form that libpq takes: numbers and texts as text, bytes as bytes.
struct PostgreSQLArguments {
    private var buffer: [UInt8] = []
    /// Where each value starts in the buffer; -1 is null.
    private var starts: [Int] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(_ values: [SQLValue]) {
        starts.reserveCapacity(values.count)
        lengths.reserveCapacity(values.count)
        formats.reserveCapacity(values.count)
        for value in values { append(value) }
    }

    private mutating func append(_ value: SQLValue) {
        let start = buffer.count
        switch value {
        case .null:
            starts.append(-1)
            lengths.append(0)
            formats.append(0)
            return
        case .integer(let number): buffer.append(contentsOf: String(number).utf8)
        case .text(let text): buffer.append(contentsOf: text.utf8)
        case .bytes(let bytes): buffer.append(contentsOf: bytes)
        }
        starts.append(start)
        lengths.append(Int32(buffer.count - start))
        if case .bytes = value { formats.append(1) } else { formats.append(0) }
        buffer.append(0)
    }

    func withPointers<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Result
    ) -> Result {
        buffer.withUnsafeBytes { bytes in
            let base = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
            let pointers: [UnsafePointer<CChar>?] = starts.map { start in
                start < 0 ? nil : base.map { $0 + start }
            }
            return pointers.withUnsafeBufferPointer { pointers in
                lengths.withUnsafeBufferPointer { lengths in
                    formats.withUnsafeBufferPointer { formats in
                        body(pointers.baseAddress, lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }
}
