import Glibc

/// The text of an XML file as UTF-8, without mark and declaration.
struct XMLText {
    /// UTF-8, checked, without NUL.
    let bytes: [UInt8]
    /// Where the document begins: behind the XML declaration.
    let start: Int
}

/// Brings an XML file to UTF-8 and checks that it is written in the encoding it claims.
///
/// UTF-8, UTF-16 and GB18030 (with its subsets GBK and GB2312) are read; everything else is refused.
func normaliseXML(_ bytes: [UInt8]) throws(MarkupError) -> XMLText {
    let (found, content) = try decodeByMark(bytes)
    if let nul = content.firstIndex(of: 0) { throw .nulByte(byte: nul) }
    let declaration = readDeclaration(content)
    let declared = declaration.encoding.map { Encoding(label: $0) }
    if let label = declaration.encoding, declared == .some(nil) {
        throw .unsupportedEncoding(label)
    }
    switch (found, declared ?? nil) {
    case (.utf16, .utf8?), (.utf16, .gb18030?), (.markedUTF8, .utf16?), (.markedUTF8, .gb18030?), (.unknown, .utf16?):
        throw .encodingMismatch(declared: declaration.encoding ?? "")
    case (.unknown, .gb18030?):
        guard !looksLikeUTF8(content) else { throw .encodingMismatch(declared: "GB18030") }
        guard let text = decodeGB18030(content[...]) else {
            throw .encodingMismatch(declared: "GB18030")
        }
        let converted = Array(text.utf8)
        return XMLText(bytes: converted, start: readDeclaration(converted).end)
    default:
        guard String(validating: content, as: UTF8.self) != nil else { throw refuseUTF8(content) }
        return XMLText(bytes: content, start: declaration.end)
    }
}

/// GB18030 as text; `nil` if some bytes are not of that encoding.
package func decodeGB18030(_ bytes: ArraySlice<UInt8>) -> String? {
    guard let converter = iconv_open("UTF-8", "GB18030"), Int(bitPattern: converter) != -1 else { return nil }
    defer { iconv_close(converter) }
    // Two bytes become three; four become four.
    let capacity = bytes.count * 3 / 2 + 4
    var isWhole = false
    var input = Array(bytes)
    let output = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
        var outputLeft = capacity
        input.withUnsafeMutableBytes { source in
            var next = source.baseAddress?.assumingMemoryBound(to: CChar.self)
            var inputLeft = source.count
            var target = UnsafeMutableRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self)
            isWhole = iconv(converter, &next, &inputLeft, &target, &outputLeft) != -1 && inputLeft == 0
        }
        count = capacity - outputLeft
    }
    return isWhole ? String(validating: output, as: UTF8.self) : nil
}

private enum FoundEncoding {
    case markedUTF8, utf16, unknown
}

private enum Encoding {
    case utf8, utf16, gb18030

    init?(label: String) {
        switch label.uppercased() {
        case "UTF-8", "UTF8": self = .utf8
        case "UTF-16", "UTF-16LE", "UTF-16BE": self = .utf16
        case "GB18030", "GBK", "GB2312": self = .gb18030
        default: return nil
        }
    }
}

private func decodeByMark(_ bytes: [UInt8]) throws(MarkupError) -> (FoundEncoding, [UInt8]) {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (.markedUTF8, Array(bytes.dropFirst(3))) }
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
        throw .unsupportedEncoding("UTF-32")
    }
    let isLittle: Bool
    let skip: Int
    switch (bytes.first, bytes.dropFirst().first) {
    case (0xFF, 0xFE): (isLittle, skip) = (true, 2)
    case (0xFE, 0xFF): (isLittle, skip) = (false, 2)
    case (UInt8(ascii: "<"), 0): (isLittle, skip) = (true, 0)
    case (0, UInt8(ascii: "<")): (isLittle, skip) = (false, 0)
    default: return (.unknown, bytes)
    }
    let body = bytes[skip...]
    guard body.count.isMultiple(of: 2) else { throw .invalidUTF8(byte: bytes.count) }
    let units = stride(from: skip, to: bytes.count, by: 2).map { position in
        isLittle
            ? UInt16(bytes[position]) | UInt16(bytes[position + 1]) << 8
            : UInt16(bytes[position]) << 8 | UInt16(bytes[position + 1])
    }
    guard let text = String(validating: units, as: UTF16.self) else { throw .invalidUTF8(byte: skip) }
    return (.utf16, Array(text.utf8))
}

/// The encoding an XML declaration names, and where the declaration ends.
private func readDeclaration(_ bytes: [UInt8]) -> (encoding: String?, end: Int) {
    let opening = Array("<?xml".utf8)
    guard bytes.starts(with: opening), bytes.count > opening.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[5])
    else { return (nil, 0) }
    let head = bytes.prefix(1_024)
    guard let mark = head.indices.dropLast().first(where: { head[$0] == 0x3F && head[$0 + 1] == 0x3E }) else {
        return (nil, 0)
    }
    let text = String(decoding: head[5..<mark], as: UTF8.self)
    return (attribute("encoding", of: text), mark + 2)
}

private func attribute(_ name: String, of text: String) -> String? {
    let bytes = Array(text.utf8)
    let wanted = Array(name.utf8)
    guard bytes.count > wanted.count,
        let start = bytes.indices.first(where: { bytes[$0...].starts(with: wanted) })
    else { return nil }
    let rest = bytes[(start + wanted.count)...].drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    guard rest.first == UInt8(ascii: "=") else { return nil }
    let value = rest.dropFirst().drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    guard let quote = value.first, quote == 0x22 || quote == 0x27 else { return nil }
    return String(decoding: value.dropFirst().prefix { $0 != quote }, as: UTF8.self)
}

/// Chinese text in UTF-8 is all sequences of three bytes; text in GB18030 is practically never valid as such.
private func looksLikeUTF8(_ bytes: [UInt8]) -> Bool {
    bytes.contains { $0 >= 0xE0 } && String(validating: bytes, as: UTF8.self) != nil
}

/// Text of another encoding has more broken sequences than whole ones; damaged UTF-8 has few.
private func refuseUTF8(_ bytes: [UInt8]) -> MarkupError {
    var whole = 0
    var broken = 0
    var firstBroken = 0
    var position = 0
    while position < bytes.count {
        let byte = bytes[position]
        if byte < 0x80 {
            position += 1
            continue
        }
        let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
        let end = min(position + length, bytes.count)
        if byte >= 0xC2, byte < 0xF5, String(validating: bytes[position..<end], as: UTF8.self) != nil {
            whole += 1
            position = end
        } else {
            if broken == 0 { firstBroken = position }
            broken += 1
            position += 1
        }
    }
    guard broken > whole, decodeGB18030(bytes[...]) != nil else {
        return .invalidUTF8(byte: firstBroken)
    }
    return .encodingMismatch(declared: "UTF-8")
}
