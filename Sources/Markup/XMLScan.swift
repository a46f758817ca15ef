/// What one XML file may ask of its reader.
package struct XMLLimits: Sendable {
    package let bytes: Int
    package let depth: Int
    package let nodes: Int
    package let attributes: Int

    package init(bytes: Int = 8 << 20, depth: Int = 64, nodes: Int = 200_000, attributes: Int = 256) {
        self.bytes = bytes
        self.depth = depth
        self.nodes = nodes
        self.attributes = attributes
    }
}

/// Walks the marks of an XML text before a parser sees it, and refuses what no file needs.
///
/// A document type declaration is refused where it stands, so that no entity is ever declared. The scan
/// does not judge grammar: where it and the parser could disagree, the parser refuses the text.
struct XMLScan {
    /// For each element in document order, whether it was written as an empty tag.
    private(set) var selfClosed: [Bool] = []
    private let limits: XMLLimits
    private var depth = 0
    private var nodes = 0

    init(_ text: XMLText, limits: XMLLimits) throws(MarkupError) {
        self.limits = limits
        guard text.bytes.count <= limits.bytes else {
            throw .tooLarge(bytes: text.bytes.count, limit: limits.bytes)
        }
        do {
            try text.bytes.withUnsafeBufferPointer { bytes throws(MarkupError) in
                try scan(bytes, from: text.start)
            }
        }
    }

    private mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) throws(MarkupError) {
        var position = start
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "<") else {
                let text = position
                while position < bytes.count, bytes[position] != UInt8(ascii: "<") { position += 1 }
                if position > text { try count() }
                continue
            }
            try count()
            switch position + 1 < bytes.count ? bytes[position + 1] : 0 {
            case UInt8(ascii: "!"):
                if starts(bytes, position + 2, with: "--") {
                    position = end(bytes, position + 4, of: "-->")
                } else if starts(bytes, position + 2, with: "[CDATA[") {
                    position = end(bytes, position + 9, of: "]]>")
                } else {
                    throw .dtdForbidden
                }
            case UInt8(ascii: "?"): position = end(bytes, position + 2, of: "?>")
            case UInt8(ascii: "/"):
                depth -= 1
                position = end(bytes, position + 2, of: ">")
            default: position = try scanTag(bytes, position + 1)
            }
        }
    }

    private mutating func count() throws(MarkupError) {
        nodes += 1
        guard nodes <= limits.nodes else { throw .tooManyNodes(limit: limits.nodes) }
    }

    private mutating func scanTag(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) throws(MarkupError) -> Int {
        var position = start
        var attributes = 0
        var quote: UInt8 = 0
        while position < bytes.count {
            let byte = bytes[position]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == 0x22 || byte == 0x27 {
                quote = byte
                attributes += 1
                guard attributes <= limits.attributes else {
                    throw .tooManyAttributes(limit: limits.attributes)
                }
            } else if byte == UInt8(ascii: ">") {
                let isClosed = bytes[position - 1] == UInt8(ascii: "/")
                selfClosed.append(isClosed)
                if !isClosed { depth += 1 }
                guard depth + (isClosed ? 1 : 0) <= limits.depth else {
                    throw .tooDeep(limit: limits.depth)
                }
                return position + 1
            }
            position += 1
        }
        return position
    }

    private func starts(_ bytes: UnsafeBufferPointer<UInt8>, _ position: Int, with mark: StaticString) -> Bool {
        guard position + mark.utf8CodeUnitCount <= bytes.count else { return false }
        for offset in 0..<mark.utf8CodeUnitCount where bytes[position + offset] != mark.utf8Start[offset] {
            return false
        }
        return true
    }

    /// The position behind the next mark, or the end of the text.
    private func end(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, of mark: StaticString) -> Int {
        var position = start
        while position < bytes.count {
            if bytes[position] == mark.utf8Start[0], starts(bytes, position, with: mark) {
                return position + mark.utf8CodeUnitCount
            }
            position += 1
        }
        return position
    }
}
