/// Writes XML text in UTF-8.
struct XMLWriter {
    private(set) var bytes = Array(#"<?xml version="1.0" encoding="UTF-8"?>"#.utf8)

    mutating func open(_ name: String, _ attributes: [(String, String)] = []) {
        append("<" + name)
        for (key, value) in attributes {
            append(" \(key)=\"")
            escape(value)
            append("\"")
        }
        append(">")
    }

    mutating func close(_ name: String) { append("</\(name)>") }

    /// An element that holds others.
    mutating func element(
        _ name: String, _ attributes: [(String, String)] = [], _ content: (inout XMLWriter) -> Void
    ) {
        open(name, attributes)
        content(&self)
        close(name)
    }

    /// An element that holds a text, or nothing.
    mutating func element(_ name: String, _ text: String?, _ attributes: [(String, String)] = []) {
        open(name, attributes)
        if let text {
            escape(text)
            close(name)
        } else {
            bytes.removeLast()
            append("/>")
        }
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func escape(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): append("&amp;")
            case UInt8(ascii: "<"): append("&lt;")
            case UInt8(ascii: ">"): append("&gt;")
            case UInt8(ascii: "\""): append("&quot;")
            default: bytes.append(byte)
            }
        }
    }
}
