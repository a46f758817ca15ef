import Kernel
import Markup

/// A file attached to an OFD document (附件).
struct OFDAttachment {
    let name: String?
    let format: String?
    let location: String?
    /// Some issuers write the path as the element's text instead of `FileLoc`.
    let isLocatedByText: Bool
    /// The entry of the package; `nil` if it is not there.
    let path: String?
    let size: Int?

    var json: JSON {
        .object([
            ("name", .optional(name)),
            ("format", .optional(format)),
            ("fileLoc", .optional(location)),
            ("locInElementText", .bool(isLocatedByText)),
            ("packagePath", .optional(path)),
            ("bytes", size.map { JSON.integer($0) } ?? .null),
        ])
    }
}

extension OFDPackage {
    /// The most attachments one document may have.
    static let attachmentLimit = 200

    mutating func attachments() throws(EvidenceError) -> [OFDAttachment] {
        guard let location = document.first("Attachments")?.value,
            let listPath = try locate(location, from: documentPath)
        else { return [] }
        var attachments: [OFDAttachment] = []
        for element in try xml(listPath).all("Attachment").prefix(Self.attachmentLimit) {
            let inElement = element.first("FileLoc")?.value
            let location = inElement ?? element.value
            var path: String?
            if let location { path = try locate(location, from: listPath) }
            attachments.append(
                OFDAttachment(
                    name: element.attribute("Name"), format: element.attribute("Format"), location: location,
                    isLocatedByText: inElement == nil && location != nil, path: path,
                    size: path.flatMap { archive.entry($0)?.size }
                )
            )
        }
        return attachments
    }

    /// The root of an attachment that is XML; `nil` for pictures and the like.
    ///
    /// The content decides. The size only spares unpacking what no reader would take.
    mutating func xmlAttachment(_ attachment: OFDAttachment) throws(EvidenceError) -> XMLElement? {
        guard let path = attachment.path, let size = attachment.size, size > 0, size <= XMLLimits().bytes,
            !attachment.isNamedAsPicture, let bytes = try bytes(path), looksLikeXML(bytes)
        else { return nil }
        return try readXML(part: path, bytes)
    }
}

extension OFDAttachment {
    fileprivate var isNamedAsPicture: Bool {
        let name = (path ?? "").lowercased()
        return [".png", ".jpg", ".jpeg", ".bmp", ".gif", ".pdf", ".ttf"].contains { name.hasSuffix($0) }
    }
}

/// Whether bytes begin like XML, behind a mark and white space.
func looksLikeXML(_ bytes: [UInt8]) -> Bool {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return true }
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    if rest.first == 0 { rest = rest.dropFirst() }
    return rest.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "<")
}
