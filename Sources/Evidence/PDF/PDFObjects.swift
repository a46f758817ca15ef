import Kernel
import Markup

/// The objects of a PDF as qpdf lists them, which reads the file apart from the program (ISO 32000).
struct PDFObjects {
    private let objects: [String: JSON]
    /// Whether the file had to be repaired to be read.
    let isRepaired: Bool

    private static let program = "/usr/bin/qpdf"
    private static let attachmentLimit = 32

    struct Attachment {
        let name: String?
        let bytes: [UInt8]

        var json: JSON { .object([("name", .optional(name)), ("bytes", .integer(bytes.count))]) }
    }

    init(of bytes: [UInt8]) throws(EvidenceError) {
        guard ToolProcess.isInstalled(Self.program),
            let result = ToolProcess(
                program: Self.program,
                arguments: ["--json=2", "--json-key=qpdf", "--json-stream-data=none", ToolProcess.input]
            ).run(over: bytes)
        else { throw EvidenceError(.unsupported(.pdfWithoutTools)) }
        if result.complaint.contains("invalid password") { throw EvidenceError(.encrypted) }
        guard result.end != .killed, !result.complaint.contains("bad_alloc") else { throw EvidenceError(.pdfLimit) }
        // Status 3 means that the file was read with warnings.
        guard result.end == .exit(0) || result.end == .exit(3),
            let json = try? JSON(parsing: result.output), let members = json["qpdf"]?[1]?.members
        else { throw EvidenceError(.pdfDamaged) }
        isRepaired = result.end == .exit(3)
        var objects: [String: JSON] = [:]
        for member in members { objects[member.name] = member.value }
        self.objects = objects
    }

    /// The entries of an object or of the dictionary of a stream, behind references.
    private func resolve(_ value: JSON?) -> JSON? {
        var value = value
        for _ in 0..<8 {
            guard let text = value?.string, text.hasSuffix(" R"), let object = objects["obj:" + text] else { break }
            value = object["value"] ?? object["stream"]?["dict"]
        }
        return value
    }

    /// What stands at the end of a path of entries.
    private func entry(_ value: JSON?, _ path: String...) -> JSON? {
        var value = resolve(value)
        for name in path { value = resolve(value?[name]) }
        return value
    }

    private var trailer: JSON? { objects["trailer"]?["value"] }
    private var root: JSON? { entry(trailer, "/Root") }

    /// A text string: qpdf writes `u:` before text and `b:` before bytes.
    private func text(_ value: JSON?) -> String? {
        guard let text = resolve(value)?.string else { return nil }
        if text.hasPrefix("u:") { return String(text.dropFirst(2)) }
        if text.hasPrefix("b:") {
            return [UInt8](hex: String(text.dropFirst(2))).map { String(decoding: $0, as: UTF8.self) }
        }
        return text
    }

    /// The entries of the document's information dictionary.
    var info: [String: String] {
        var found: [String: String] = [:]
        for member in entry(trailer, "/Info")?.members ?? [] {
            if let text = text(member.value) { found[member.name] = text }
        }
        return found
    }

    /// Whether the file would run something in a viewer.
    var hasActiveContent: Bool {
        if entry(root, "/Names", "/JavaScript") != nil { return true }
        return objects.values.contains { object in
            let action = object["value"]?["/S"]?.string
            return action == "/JavaScript" || action == "/Launch"
        } || isScript(entry(root, "/OpenAction"))
    }

    private func isScript(_ action: JSON?) -> Bool { ["/JavaScript", "/Launch"].contains(action?["/S"]?.string) }

    /// The signatures: the covered ranges, and what signs them.
    var signatures: [(ranges: [Int], contents: [UInt8])] {
        objects.values.compactMap { object in
            guard let value = object["value"], let ranges = value["/ByteRange"].flatMap(resolve)?.array,
                let contents = resolve(value["/Contents"])?.string, contents.hasPrefix("b:"),
                let bytes = [UInt8](hex: String(contents.dropFirst(2)))
            else { return nil }
            return (ranges.compactMap(\.integer), bytes)
        }
    }

    /// The files in the name tree, associated with the document, or pinned to pages; each once.
    func attachments(in bytes: [UInt8]) throws(EvidenceError) -> [Attachment] {
        var specifications: [JSON] = []
        collect(entry(root, "/Names", "/EmbeddedFiles"), into: &specifications, depth: 0)
        specifications += entry(root, "/AF")?.array ?? []
        for object in objects.values where object["value"]?["/Subtype"]?.string == "/FileAttachment" {
            if let file = object["value"]?["/FS"] { specifications.append(file) }
        }
        var seen: Set<String> = []
        var found: [Attachment] = []
        for specification in specifications.prefix(Self.attachmentLimit) {
            guard let file = resolve(specification) else { continue }
            let stream = resolve(file["/EF"])
            guard let reference = (stream?["/F"] ?? stream?["/UF"])?.string, seen.insert(reference).inserted else {
                continue
            }
            let content = try read(reference, in: bytes)
            found.append(Attachment(name: text(file["/UF"]) ?? text(file["/F"]), bytes: content))
        }
        return found
    }

    private func collect(_ node: JSON?, into list: inout [JSON], depth: Int) {
        guard let node, depth < 8, list.count < Self.attachmentLimit else { return }
        let names = resolve(node["/Names"])?.array ?? []
        for index in stride(from: 1, to: names.count, by: 2) { list.append(names[index]) }
        for kid in resolve(node["/Kids"])?.array ?? [] { collect(resolve(kid), into: &list, depth: depth + 1) }
    }

    private func read(_ reference: String, in bytes: [UInt8]) throws(EvidenceError) -> [UInt8] {
        let number = reference.split(separator: " ").prefix(2).joined(separator: ",")
        let result = ToolProcess(
            program: Self.program,
            arguments: ["--show-object=\(number)", "--filtered-stream-data", ToolProcess.input],
            outputBytes: XMLLimits().bytes
        ).run(over: bytes)
        guard let result, result.end != .killed else { throw EvidenceError(.pdfLimit) }
        return result.output
    }
}
