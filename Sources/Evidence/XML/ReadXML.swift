import Markup

/// Reads an XML file or part of one, within limits, without network, entities or validation.
func readXML(
    _ bytes: [UInt8], keeping: XMLContent = .everything
) throws(EvidenceError) -> XMLElement {
    do { return try parseXML(bytes, keeping: keeping) } catch { throw EvidenceError(EvidenceFault(error)) }
}

/// Reads an XML part, and names it in what goes wrong.
func readXML(
    part: String, _ bytes: [UInt8], keeping: XMLContent = .everything
) throws(EvidenceError) -> XMLElement {
    do { return try readXML(bytes, keeping: keeping) } catch { throw error.inside(part) }
}

extension XMLContent {
    /// Of a page only what names objects: most of it says where each letter stands.
    static let pageObjects = XMLContent(
        withoutElements: ["PathObject", "ImageObject"], attributes: ["ID", "TemplateID"])
}

extension EvidenceFault {
    fileprivate init(_ error: MarkupError) {
        switch error {
        case .dtdForbidden: self = .xmlDTDForbidden
        case .tooDeep(let limit): self = .xmlTooDeep(limit: limit)
        case .tooManyNodes(let limit): self = .xmlTooManyNodes(limit: limit)
        case .tooManyAttributes(let limit): self = .xmlTooManyAttributes(limit: limit)
        case .tooLarge(let bytes, let limit): self = .xmlTooLarge(bytes: bytes, limit: limit)
        case .malformed(let line): self = .xmlMalformed(line: line)
        case .unsupportedEncoding(let name): self = .unsupportedEncoding(name)
        case .encodingMismatch(let declared): self = .encodingMismatch(declared: declared)
        case .invalidUTF8(let byte): self = .invalidUTF8(byte: byte)
        case .nulByte(let byte): self = .nulByte(byte: byte)
        }
    }
}
