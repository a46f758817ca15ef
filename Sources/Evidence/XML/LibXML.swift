import CLibXML2

// The only file that holds libxml2 handles. None outlives the one function here.

/// Parses a scanned text into values.
func parseWithLibXML(_ text: XMLText, selfClosed: [Bool], depthLimit: Int) throws(EvidenceError) -> XMLElement {
    guard LibXML.isReady, let context = xmlNewParserCtxt() else { throw EvidenceError(.xmlMalformed(line: 0)) }
    defer { xmlFreeParserCtxt(context) }
    // Never: NOENT, DTDLOAD, DTDATTR, DTDVALID, XINCLUDE, HUGE, RECOVER.
    let options =
        XML_PARSE_NONET.rawValue | XML_PARSE_NOCDATA.rawValue | XML_PARSE_NOERROR.rawValue
        | XML_PARSE_NOWARNING.rawValue | XML_PARSE_COMPACT.rawValue
    let document = text.bytes.withUnsafeBufferPointer { bytes in
        bytes.baseAddress?.withMemoryRebound(to: CChar.self, capacity: bytes.count) { start in
            xmlCtxtReadMemory(
                context, start + text.start, Int32(bytes.count - text.start), nil, "UTF-8", Int32(options.magnitude)
            )
        }
    }
    guard let document = document ?? nil, context.pointee.wellFormed == 1 else {
        let line = Int(context.pointee.lastError.line)
        if let document = context.pointee.myDoc { xmlFreeDoc(document) }
        throw EvidenceError(.xmlMalformed(line: line))
    }
    defer { xmlFreeDoc(document) }
    // The scan has refused declarations already; this holds should scan and parser ever disagree.
    guard document.pointee.intSubset == nil, document.pointee.extSubset == nil else {
        throw EvidenceError(.xmlDTDForbidden)
    }
    guard let root = xmlDocGetRootElement(document) else { throw EvidenceError(.xmlMalformed(line: 0)) }
    var reader = LibXML(selfClosed: selfClosed, depthLimit: depthLimit)
    return try reader.element(root, depth: 1)
}

private struct LibXML {
    /// libxml2 asks to be set up once before threads use it.
    static let isReady: Bool = {
        xmlInitParser()
        return true
    }()

    private let selfClosed: [Bool]
    private let depthLimit: Int
    private var index = 0
    /// Names lie in the parser's dictionary, once each: the address stands for the text.
    private var names: [UnsafePointer<xmlChar>: String] = [:]

    init(selfClosed: [Bool], depthLimit: Int) {
        self.selfClosed = selfClosed
        self.depthLimit = depthLimit
    }

    mutating func element(_ node: xmlNodePtr, depth: Int) throws(EvidenceError) -> XMLElement {
        guard depth <= depthLimit else { throw EvidenceError(.xmlTooDeep(limit: depthLimit)) }
        let isSelfClosed = index < selfClosed.count && selfClosed[index]
        index += 1
        var text = ""
        var children: [XMLElement] = []
        var next = node.pointee.children
        while let child = next {
            switch child.pointee.type {
            case XML_ELEMENT_NODE: children.append(try element(child, depth: depth + 1))
            case XML_TEXT_NODE, XML_CDATA_SECTION_NODE:
                guard let content = child.pointee.content else { break }
                if text.isEmpty { text = String(cString: content) } else { text += String(cString: content) }
            default: break
            }
            next = child.pointee.next
        }
        var attributes: [XMLElement.Attribute] = []
        var property = node.pointee.properties
        while let attribute = property {
            attributes.append(
                XMLElement.Attribute(name: name(attribute.pointee.name), value: value(of: attribute))
            )
            property = attribute.pointee.next
        }
        return XMLElement(
            name: name(node.pointee.name), namespace: (node.pointee.ns?.pointee.href).map { name($0, isPlain: true) },
            attributes: attributes, text: text, children: children, isSelfClosed: isSelfClosed
        )
    }

    /// Without references to entities, an attribute's value is one text node.
    private func value(of attribute: xmlAttrPtr) -> String {
        var value = ""
        var next = attribute.pointee.children
        while let child = next {
            if let content = child.pointee.content { value += String(cString: content) }
            next = child.pointee.next
        }
        return value
    }

    /// A name as text. An undeclared prefix stays part of a name in libxml2, and some issuers write none but its colon.
    private mutating func name(_ pointer: UnsafePointer<xmlChar>?, isPlain: Bool = false) -> String {
        guard let pointer else { return "" }
        if let known = names[pointer] { return known }
        let full = String(cString: pointer)
        let name =
            isPlain ? full : full.utf8.lastIndex(of: 0x3A).map { String(full[full.utf8.index(after: $0)...]) } ?? full
        names[pointer] = name
        return name
    }
}
