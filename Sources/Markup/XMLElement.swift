/// An element of an XML document: a value, free of the parser that made it.
package struct XMLElement: Sendable {
    /// The local name. Prefixes are dropped: issuers use them freely, and sometimes undeclared.
    package let name: String
    /// The namespace; `nil` if there is none or its prefix is not declared.
    package let namespace: String?
    package let attributes: [Attribute]
    /// The element's own text, without that of its children.
    package let text: String
    package let children: [XMLElement]
    /// Whether it was written `<a/>` and not `<a></a>`.
    package let isSelfClosed: Bool
    /// The line of the file on which its start tag ends.
    package let line: Int

    package struct Attribute: Sendable {
        package let name: String
        package let value: String
    }

    package func attribute(_ name: String) -> String? { attributes.first { $0.name == name }?.value }

    package func first(_ name: String) -> XMLElement? { children.first { $0.name == name } }

    package func all(_ name: String) -> [XMLElement] { children.filter { $0.name == name } }

    /// The first element down a path of local names.
    package func at(_ path: String...) -> XMLElement? {
        var element: XMLElement? = self
        for name in path { element = element?.first(name) }
        return element
    }

    /// The text without white space around it.
    package var trimmed: String { text.trimmed }

    /// The trimmed text, or `nil` where nothing is written.
    package var value: String? {
        let text = trimmed
        return text.isEmpty ? nil : text
    }
}

extension String {
    /// The text without the white space of XML at its ends.
    package var trimmed: String {
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
package func parseXML(
    _ bytes: [UInt8], limits: XMLLimits = XMLLimits(), keeping: XMLContent = .everything
) throws(MarkupError) -> XMLElement {
    guard bytes.count <= limits.bytes else {
        throw .tooLarge(bytes: bytes.count, limit: limits.bytes)
    }
    let text = try normaliseXML(bytes)
    let scan = try XMLScan(text, limits: limits)
    return try parseWithLibXML(text, selfClosed: scan.selfClosed, depthLimit: limits.depth, keeping: keeping)
}

/// What of an XML document is kept.
package struct XMLContent: Hashable, Sendable {
    /// Elements that are left out with everything inside them.
    package let withoutElements: Set<String>
    /// The attributes that are kept; all of them if this is `nil`.
    package let attributes: Set<String>?

    package static let everything = XMLContent()

    package init(withoutElements: Set<String> = [], attributes: Set<String>? = nil) {
        self.withoutElements = withoutElements
        self.attributes = attributes
    }

    func wantsElement(_ name: String) -> Bool { withoutElements.isEmpty || !withoutElements.contains(name) }

    func wantsAttribute(_ name: String) -> Bool { attributes?.contains(name) ?? true }
}
