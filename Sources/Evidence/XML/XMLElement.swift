/// An element of an XML document: a value, free of the parser that made it.
struct XMLElement: Sendable {
    /// The local name. Prefixes are dropped: issuers use them freely, and sometimes undeclared.
    let name: String
    /// The namespace; `nil` if there is none or its prefix is not declared.
    let namespace: String?
    let attributes: [Attribute]
    /// The element's own text, without that of its children.
    let text: String
    let children: [XMLElement]
    /// Whether it was written `<a/>` and not `<a></a>`.
    let isSelfClosed: Bool

    struct Attribute: Sendable {
        let name: String
        let value: String
    }

    func attribute(_ name: String) -> String? { attributes.first { $0.name == name }?.value }

    func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// The first element down a path of local names.
    func at(_ path: String...) -> XMLElement? {
        var element: XMLElement? = self
        for name in path { element = element?.first(name) }
        return element
    }

    /// The text without white space around it.
    var trimmed: String { text.trimmed }

    /// The trimmed text, or `nil` where nothing is written.
    var value: String? {
        let text = trimmed
        return text.isEmpty ? nil : text
    }
}

extension String {
    /// The text without the white space of XML at its ends.
    var trimmed: String {
        let utf8 = self.utf8
        guard let first = utf8.first, let last = utf8.last, first.isXMLSpace || last.isXMLSpace else { return self }
        guard let start = utf8.firstIndex(where: { !$0.isXMLSpace }),
            let end = utf8.lastIndex(where: { !$0.isXMLSpace })
        else { return "" }
        return String(self[start...end])
    }
}

extension UInt8 {
    fileprivate var isXMLSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }
}

/// Reads an XML file of any supported encoding, within limits, without network, entities or validation.
func readXML(
    _ bytes: [UInt8], limits: XMLLimits = XMLLimits(), keeping: XMLContent = .everything
) throws(EvidenceError) -> XMLElement {
    guard bytes.count <= limits.bytes else {
        throw EvidenceError(.xmlTooLarge(bytes: bytes.count, limit: limits.bytes))
    }
    let text = try normaliseXML(bytes)
    let scan = try XMLScan(text, limits: limits)
    return try parseWithLibXML(text, selfClosed: scan.selfClosed, depthLimit: limits.depth, keeping: keeping)
}

/// What of an XML document is kept.
enum XMLContent {
    case everything
    /// Of a page only what names objects: most of it says where each letter stands.
    case pageObjects

    func wantsElement(_ name: String) -> Bool { self == .everything || (name != "PathObject" && name != "ImageObject") }

    func wantsAttribute(_ name: String) -> Bool {
        switch self {
        case .everything: true
        case .pageObjects: name == "ID" || name == "TemplateID"
        }
    }
}
