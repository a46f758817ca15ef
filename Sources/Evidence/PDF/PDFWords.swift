import Kernel

/// A word on a page, and where it stands, in thousandths of a point from the upper left corner.
struct PDFWord {
    let text: String
    let left: Int
    let top: Int
    let right: Int
    let bottom: Int

    var middle: Int { (top + bottom) / 2 }
    var height: Int { bottom - top }
}

/// The words of one page, in rows from top to bottom and left to right.
struct PDFPage {
    let rows: [[PDFWord]]

    init(_ words: [PDFWord]) {
        var rows: [[PDFWord]] = []
        // Writing on a curve or upright belongs to stamps.
        let level = words.filter { $0.text.count == 1 || 2 * ($0.right - $0.left) >= $0.height }
        for word in level.sorted(by: { $0.middle < $1.middle }) {
            // Words of one line stand on it with fonts of different heights.
            if let first = rows.last?.first, word.middle - first.middle <= min(first.height, word.height) * 45 / 100 {
                rows[rows.count - 1].append(word)
            } else {
                rows.append([word])
            }
        }
        self.rows = rows.map { $0.sorted { $0.left < $1.left } }
    }
}

/// Reads the words of the pages with pdftotext, apart from the program.
struct PDFWords {
    let pages: [PDFPage]

    private static let program = "/usr/bin/pdftotext"
    private static let pageLimit = 50
    private static let wordLimit = 40_000

    init(of bytes: [UInt8]) throws(EvidenceError) {
        guard ToolProcess.isInstalled(Self.program),
            let result = ToolProcess(
                program: Self.program, arguments: ["-bbox", "-l", "\(Self.pageLimit)", ToolProcess.input, "-"]
            ).run(over: bytes)
        else { throw EvidenceError(.unsupported(.pdfWithoutTools)) }
        if result.complaint.contains("Incorrect password") { throw EvidenceError(.encrypted) }
        guard result.end != .killed, !result.complaint.contains("Out of memory") else { throw EvidenceError(.pdfLimit) }
        guard result.end == .exit(0) else { throw EvidenceError(.pdfDamaged) }
        // pdftotext announces XHTML with a declaration that the strict reader refuses; its lines are of two kinds only.
        var pages: [[PDFWord]] = []
        var count = 0
        for line in String(decoding: result.output, as: UTF8.self).split(separator: "\n") {
            if line.contains("<page ") {
                pages.append([])
            } else if let word = Self.word(line), !pages.isEmpty, count < Self.wordLimit {
                pages[pages.count - 1].append(word)
                count += 1
            }
        }
        self.pages = pages.map(PDFPage.init)
    }

    private static func word(_ line: Substring) -> PDFWord? {
        guard let start = line.firstIndex(of: "<"), line[start...].hasPrefix("<word "),
            let close = line[start...].firstIndex(of: ">"), line.hasSuffix("</word>")
        else { return nil }
        let numbers = line[start..<close].split(separator: "\"").compactMap { thousandths($0) }
        guard numbers.count == 4, numbers[2] >= numbers[0], numbers[3] > numbers[1] else { return nil }
        var text = ""
        var rest = line[line.index(after: close)...].dropLast("</word>".count)
        while let mark = rest.firstIndex(of: "&") {
            text += rest[..<mark]
            guard let entity = entities.first(where: { rest[mark...].hasPrefix($0.0) }) else { break }
            text += entity.1
            rest = rest[mark...].dropFirst(entity.0.count)
        }
        text += rest
        // Fonts without a map of their own leave NUL where a letter is not known.
        text.removeAll { $0 == "\0" }
        guard !text.isEmpty else { return nil }
        return PDFWord(text: text, left: numbers[0], top: numbers[1], right: numbers[2], bottom: numbers[3])
    }

    /// `293.304800` as 293304; `nil` if it is no such number.
    private static func thousandths(_ text: Substring) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first.flatMap({ Int($0) }), abs(whole) < 1_000_000 else { return nil }
        let digits = parts.count == 2 ? parts[1].prefix(3) : ""
        guard let fraction = Int(digits + String(repeating: "0", count: 3 - digits.count)) else { return nil }
        return whole * 1000 + (text.hasPrefix("-") ? -fraction : fraction)
    }

    private static let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")]
}

/// The texts of QR codes on the first page; `nil` where the tools to read them are missing.
func readQRCodes(of bytes: [UInt8]) -> [String]? {
    let (painter, reader) = ("/usr/bin/pdftoppm", "/usr/bin/zbarimg")
    guard ToolProcess.isInstalled(painter), ToolProcess.isInstalled(reader) else { return nil }
    let page = ToolProcess(
        program: painter,
        arguments: ["-r", "200", "-f", "1", "-l", "1", "-gray", "-scale-to", "2400", ToolProcess.input]
    ).run(over: bytes)
    guard let page, page.end == .exit(0), !page.output.isEmpty else { return nil }
    let codes = ToolProcess(
        program: reader, arguments: ["-q", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", "fd:3"],
        cpuSeconds: 2, memoryBytes: 800 << 20
    ).run(over: page.output)
    guard let codes, codes.end != .killed else { return nil }
    return String(decoding: codes.output, as: UTF8.self).split(separator: "\n").map(String.init)
}
