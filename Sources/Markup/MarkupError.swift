/// Why bytes are not read as XML; the room that asked says it in the words of its own files.
package enum MarkupError: Error, Hashable {
    case dtdForbidden
    case tooDeep(limit: Int)
    case tooManyNodes(limit: Int)
    case tooManyAttributes(limit: Int)
    case tooLarge(bytes: Int, limit: Int)
    case malformed(line: Int)
    case unsupportedEncoding(String)
    case encodingMismatch(declared: String)
    case invalidUTF8(byte: Int)
    case nulByte(byte: Int)
}
