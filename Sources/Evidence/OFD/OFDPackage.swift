import Kernel
import Markup

/// One document of an OFD package (GB/T 33190-2016): its parts, found by the paths that name them.
struct OFDPackage {
    private(set) var archive: ZipArchive
    /// The `DocBody` that describes the document.
    let body: XMLElement
    let document: XMLElement
    let documentPath: String
    /// The ids of the pages, in order.
    let pageIDs: [String]
    private let pageLocations: [String: String]
    private let templateLocations: [String: String]
    private var pages: [String: OFDPageText] = [:]
    private var templates: [String: OFDPageText] = [:]
    private var pageTemplates: [String: OFDPageText] = [:]

    /// The most templates one page may lie upon.
    private static let templateLimit = 8

    /// Opens every document of a package.
    static func open(_ archive: ZipArchive) throws(EvidenceError) -> [OFDPackage] {
        var archive = archive
        guard let bytes = try archive.read("OFD.xml") else { throw EvidenceError(.ofdPartMissing("OFD.xml")) }
        let root = try readXML(part: "OFD.xml", bytes)
        var packages: [OFDPackage] = []
        for body in root.all("DocBody").prefix(8) {
            guard let location = body.first("DocRoot")?.value else { throw EvidenceError(.ofdPartMissing("DocRoot")) }
            packages.append(try OFDPackage(archive: archive, body: body, location: location))
            if let last = packages.last { archive = last.archive }
        }
        guard !packages.isEmpty else { throw EvidenceError(.ofdPartMissing("DocBody")) }
        return packages
    }

    private init(archive: ZipArchive, body: XMLElement, location: String) throws(EvidenceError) {
        self.archive = archive
        self.body = body
        documentPath = try resolvePath(location, from: "")
        guard let bytes = try self.archive.read(documentPath) else {
            throw EvidenceError(.ofdPartMissing(documentPath))
        }
        document = try readXML(part: documentPath, bytes)
        let pages = document.first("Pages")?.all("Page") ?? []
        pageIDs = pages.compactMap { $0.attribute("ID") }
        pageLocations = Self.locations(pages)
        templateLocations = Self.locations(document.first("CommonData")?.all("TemplatePage") ?? [])
    }

    private static func locations(_ elements: [XMLElement]) -> [String: String] {
        var locations: [String: String] = [:]
        for element in elements {
            guard let id = element.attribute("ID"), locations[id] == nil else { continue }
            locations[id] = element.attribute("BaseLoc")
        }
        return locations
    }

    /// The path of an entry, as named in the part at `base`.
    ///
    /// Relative paths start at the folder of that part; some issuers start them at the document's folder or the root,
    /// and some write `TPLS` for `Tpls`.
    func locate(_ location: String, from base: String) throws(EvidenceError) -> String? {
        for folder in [folder(of: base), folder(of: documentPath), ""] {
            let path = try resolvePath(location, from: folder)
            if archive.contains(path) { return path }
        }
        return archive.nameIgnoringCase(try resolvePath(location, from: folder(of: base)))
    }

    /// The same package, counting what it unpacks from nothing: every part is unpacked again to be compared.
    var recounted: OFDPackage {
        var package = self
        package.archive.recount()
        return package
    }

    /// The part that holds a page.
    func pagePath(_ id: String?) throws(EvidenceError) -> String? {
        guard let id, let location = pageLocations[id] else { return nil }
        return try locate(location, from: documentPath)
    }

    mutating func bytes(_ path: String) throws(EvidenceError) -> [UInt8]? { try archive.read(path) }

    /// The XML part at a path, which must be there.
    mutating func xml(_ path: String, keeping: XMLContent = .everything) throws(EvidenceError) -> XMLElement {
        guard let bytes = try archive.read(path) else { throw EvidenceError(.ofdPartMissing(path)) }
        return try readXML(part: path, bytes, keeping: keeping)
    }

    /// The free entries of the document's description: CustomData, name and text.
    var customDatas: [(name: String, value: String)] {
        (body.at("DocInfo", "CustomDatas")?.all("CustomData") ?? []).compactMap { data in
            data.attribute("Name").map { ($0, data.text) }
        }
    }

    /// The texts of a page, read once; empty if the document has no such page.
    mutating func pageText(_ id: String) throws(EvidenceError) -> OFDPageText {
        if let known = pages[id] { return known }
        var text = OFDPageText()
        if let location = pageLocations[id], let path = try locate(location, from: documentPath) {
            text = OFDPageText(try xml(path, keeping: .pageObjects))
        }
        pages[id] = text
        return text
    }

    /// The texts of the templates a page lies upon, read once.
    mutating func templateText(ofPage id: String) throws(EvidenceError) -> OFDPageText {
        if let known = pageTemplates[id] { return known }
        var text = OFDPageText()
        for template in try pageText(id).templates.prefix(Self.templateLimit) {
            if templates[template] == nil {
                var own = OFDPageText()
                if let location = templateLocations[template], let path = try locate(location, from: documentPath) {
                    own = OFDPageText(try xml(path, keeping: .pageObjects))
                }
                templates[template] = own
            }
            if let own = templates[template] { text.add(own) }
        }
        pageTemplates[id] = text
        return text
    }
}

/// The objects of a page that carry text.
struct OFDPageText {
    /// In page order.
    private(set) var objects: [(id: String, text: String)] = []
    private(set) var templates: [String] = []
    private var positions: [String: Int] = [:]

    init() {}

    init(_ page: XMLElement) {
        templates = page.all("Template").compactMap { $0.attribute("TemplateID") }
        collect(page)
    }

    subscript(id: String) -> String? { positions[id].map { objects[$0].text } }

    mutating func add(_ other: OFDPageText) {
        for object in other.objects { append(object.id, object.text) }
    }

    private mutating func collect(_ element: XMLElement) {
        for child in element.children {
            if child.name == "TextObject" {
                var text = ""
                for code in child.children where code.name == "TextCode" { text += code.text }
                append(child.attribute("ID") ?? "", text)
            } else if !child.children.isEmpty {
                collect(child)
            }
        }
    }

    private mutating func append(_ id: String, _ text: String) {
        if positions[id] == nil { positions[id] = objects.count }
        objects.append((id, text))
    }
}

func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
}

/// A path of a package without `.` and `..`; a leading slash starts at the root. Leaving the root is refused.
func resolvePath(_ location: String, from folder: String) throws(EvidenceError) -> String {
    var parts: [Substring] = location.utf8.first == UInt8(ascii: "/") ? [] : folder.split(separator: "/")
    for part in location.split(separator: "/") {
        switch part {
        case ".": break
        case "..":
            guard parts.popLast() != nil else { throw EvidenceError(.zipPathEscape(location)) }
        default: parts.append(part)
        }
    }
    return parts.joined(separator: "/")
}
