import Kernel
import Markup

/// The tags that say what the texts on the pages of an OFD mean (自定义标引).
struct CustomTags {
    struct Tag {
        /// The names of the elements below the root, joined by dots: `Buyer.BuyerName`.
        let path: String
        /// The last name of the path.
        let name: String
        let value: String
    }

    private(set) var tags: [Tag] = []
    /// Where the tags were read from.
    private(set) var part = ""

    /// The most values one document may have.
    private static let limit = 20_000

    /// Resolves every tag of a document to the text it refers to.
    init(of package: inout OFDPackage) throws(EvidenceError) {
        guard let location = package.document.first("CustomTags")?.value,
            let listPath = try package.locate(location, from: package.documentPath)
        else { return }
        for tag in try package.xml(listPath).all("CustomTag").prefix(16) {
            guard let location = tag.first("FileLoc")?.value ?? tag.value,
                let path = try package.locate(location, from: listPath)
            else { continue }
            if part.isEmpty { part = path }
            try collect(try package.xml(path), path: "", from: &package)
        }
    }

    private mutating func collect(
        _ element: XMLElement, path: String, from package: inout OFDPackage
    ) throws(EvidenceError) {
        var value = ""
        var isFound = false
        for child in element.children {
            switch child.name {
            case "ObjectRef":
                guard let text = try resolve(child, in: &package) else { continue }
                value += text
                isFound = true
            case "ObjectData":
                value += child.text
                isFound = isFound || !child.text.isEmpty
            default: try collect(child, path: path.isEmpty ? child.name : path + "." + child.name, from: &package)
            }
        }
        if isFound, tags.count < Self.limit { tags.append(Tag(path: path, name: element.name, value: value)) }
    }

    private func resolve(_ reference: XMLElement, in package: inout OFDPackage) throws(EvidenceError) -> String? {
        // Without a page, only the first ones are looked through.
        let pages = reference.attribute("PageRef").map { [$0] } ?? Array(package.pageIDs.prefix(8))
        for id in pages {
            if let text = try package.pageText(id)[reference.trimmed] { return text }
            if let text = try package.templateText(ofPage: id)[reference.trimmed] { return text }
        }
        return nil
    }

    /// The first value under one of these names or paths; the first name that has one wins.
    func first(_ names: String...) -> Tag? {
        for name in names {
            if let tag = tags.first(where: { $0.name == name || $0.path == name }) { return tag }
        }
        return nil
    }

    func all(_ names: String...) -> [String] {
        tags.filter { tag in names.contains(tag.name) }.map(\.value)
    }

    /// The values by path, in the order of their first occurrence.
    var json: JSON {
        var paths: [String] = []
        var values: [String: [JSON]] = [:]
        for tag in tags {
            if values[tag.path] == nil { paths.append(tag.path) }
            values[tag.path, default: []].append(.string(tag.value))
        }
        return .object(paths.map { ($0, .array(values[$0] ?? [])) })
    }
}
