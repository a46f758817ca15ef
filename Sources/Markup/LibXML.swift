import CLibXML2

// The only file that holds libxml2 handles. None outlives the one function here.

/// Parses a scanned text into values.
func parseWithLibXML(
    _ text: XMLText, selfClosed: [Bool], depthLimit: Int, keeping: XMLContent
) throws(MarkupError) -> XMLElement {
    guard isLibXMLReady, let context = xmlNewParserCtxt() else { throw .malformed(line: 0) }
    defer { xmlFreeParserCtxt(context) }
    let builder = TreeBuilder(context, selfClosed: selfClosed, depthLimit: depthLimit, keeping: keeping)
    context.pointee.sax.pointee = TreeBuilder.handler
    context.pointee.userData = Unmanaged.passUnretained(builder).toOpaque()
    // Never: NOENT, DTDLOAD, DTDATTR, DTDVALID, XINCLUDE, HUGE, RECOVER.
    let options = XML_PARSE_NONET.rawValue | XML_PARSE_NOCDATA.rawValue
    let document = withExtendedLifetime(builder) {
        text.bytes.withUnsafeBufferPointer { bytes in
            bytes.baseAddress?.withMemoryRebound(to: CChar.self, capacity: bytes.count) { start in
                xmlCtxtReadMemory(
                    context, start + text.start, Int32(bytes.count - text.start), nil, "UTF-8", Int32(options)
                )
            }
        }
    }
    // The handler builds no document of libxml2's own.
    if let document = document ?? nil { xmlFreeDoc(document) }
    // The scan has refused declarations already; this holds should scan and parser ever disagree.
    guard !builder.hasDeclaration else { throw .dtdForbidden }
    guard !builder.isTooDeep else { throw .tooDeep(limit: depthLimit) }
    guard context.pointee.wellFormed == 1, let root = builder.root else {
        throw .malformed(line: Int(context.pointee.lastError.line))
    }
    return root
}

/// libxml2 asks to be set up once before threads use it.
private let isLibXMLReady: Bool = {
    xmlInitParser()
    return true
}()

/// Receives the parser's events and puts elements together, innermost first.
private final class TreeBuilder {
    private(set) var root: XMLElement?
    private(set) var hasDeclaration = false
    private(set) var isTooDeep = false

    private let parser: UnsafeMutablePointer<xmlParserCtxt>
    private let selfClosed: [Bool]
    private let depthLimit: Int
    private let keeping: XMLContent
    private var open: [Unfinished] = []
    private var index = 0
    /// How deep the parser is inside an element that is not kept.
    private var skipped = 0
    /// Names lie in the parser's dictionary, once each: the address stands for the text.
    private var names: [UnsafePointer<xmlChar>: String] = [:]

    private struct Unfinished {
        let name: String
        let namespace: String?
        let attributes: [XMLElement.Attribute]
        let isSelfClosed: Bool
        let line: Int
        var text = ""
        var children: [XMLElement] = []
    }

    init(_ parser: UnsafeMutablePointer<xmlParserCtxt>, selfClosed: [Bool], depthLimit: Int, keeping: XMLContent) {
        self.parser = parser
        self.selfClosed = selfClosed
        self.depthLimit = depthLimit
        self.keeping = keeping
        open.reserveCapacity(16)
    }

    private func begin(
        _ name: UnsafePointer<xmlChar>?, namespace: UnsafePointer<xmlChar>?, count: Int,
        attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        guard open.count + skipped < depthLimit else {
            isTooDeep = true
            return
        }
        let isSelfClosed = index < selfClosed.count && selfClosed[index]
        index += 1
        let elementName = localName(name)
        if skipped > 0 || !keeping.wantsElement(elementName) {
            skipped += 1
            return
        }
        var values: [XMLElement.Attribute] = []
        if count > 0, let attributes {
            for position in 0..<count {
                // Five pointers each: name, prefix, namespace, and where the value begins and ends.
                let name = localName(attributes[5 * position])
                guard keeping.wantsAttribute(name), let start = attributes[5 * position + 3],
                    let end = attributes[5 * position + 4]
                else { continue }
                let value = UnsafeBufferPointer(start: start, count: end - start)
                values.append(XMLElement.Attribute(name: name, value: String(decoding: value, as: UTF8.self)))
            }
        }
        open.append(
            Unfinished(
                name: elementName, namespace: namespace.map(fullName), attributes: values,
                isSelfClosed: isSelfClosed, line: Int(xmlSAX2GetLineNumber(parser))
            )
        )
    }

    private func end() {
        guard skipped == 0 else {
            skipped -= 1
            return
        }
        guard let element = open.popLast() else { return }
        let finished = XMLElement(
            name: element.name, namespace: element.namespace, attributes: element.attributes, text: element.text,
            children: element.children, isSelfClosed: element.isSelfClosed, line: element.line
        )
        if open.isEmpty { root = finished } else { open[open.count - 1].children.append(finished) }
    }

    private func add(_ characters: UnsafePointer<xmlChar>?, count: Int) {
        guard skipped == 0, let characters, !open.isEmpty else { return }
        let text = String(decoding: UnsafeBufferPointer(start: characters, count: count), as: UTF8.self)
        let last = open.count - 1
        if open[last].text.isEmpty { open[last].text = text } else { open[last].text += text }
    }

    /// A name without its prefix. Some issuers write names that begin with a colon, which libxml2 does not split.
    private func localName(_ pointer: UnsafePointer<xmlChar>?) -> String {
        guard let pointer else { return "" }
        if let known = names[pointer] { return known }
        let full = String(cString: pointer)
        let colon = full.utf8.lastIndex(of: UInt8(ascii: ":"))
        let name = colon.map { String(full[full.utf8.index(after: $0)...]) } ?? full
        names[pointer] = name
        return name
    }

    private func fullName(_ pointer: UnsafePointer<xmlChar>) -> String {
        if let known = names[pointer] { return known }
        let name = String(cString: pointer)
        names[pointer] = name
        return name
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> TreeBuilder? {
        context.map { Unmanaged<TreeBuilder>.fromOpaque($0).takeUnretainedValue() }
    }

    static var handler: xmlSAXHandler {
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.internalSubset = { context, _, _, _ in TreeBuilder.of(context)?.hasDeclaration = true }
        handler.externalSubset = { context, _, _, _ in TreeBuilder.of(context)?.hasDeclaration = true }
        handler.startElementNs = { context, name, _, namespace, _, _, count, _, attributes in
            TreeBuilder.of(context)?.begin(name, namespace: namespace, count: Int(count), attributes: attributes)
        }
        handler.endElementNs = { context, _, _, _ in TreeBuilder.of(context)?.end() }
        handler.characters = { context, text, count in TreeBuilder.of(context)?.add(text, count: Int(count)) }
        handler.ignorableWhitespace = handler.characters
        // Errors are read from the context afterwards; nothing is printed.
        handler.serror = { _, _ in }
        return handler
    }
}
